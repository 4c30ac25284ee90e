import { gzipSync } from 'node:zlib';

/** What the bundler made, as far as its size on the wire is concerned; the build's own chunks fit it. */
export interface BuiltChunk {
  readonly type: 'chunk';
  readonly code: string;
  readonly isEntry: boolean;
  readonly imports: readonly string[];
  readonly dynamicImports: readonly string[];
  readonly viteMetadata?: { readonly importedCss: ReadonlySet<string> } | undefined;
}
export interface BuiltAsset {
  readonly type: 'asset';
  readonly source: string | Uint8Array;
}
export type BuiltFiles = Readonly<Record<string, BuiltChunk | BuiltAsset>>;

export interface FirstLoad {
  /** Bytes after gzip of what every view needs. */
  readonly shell: number;
  /** The same with the view that needs the most beside it. */
  readonly largest: number;
  /** The chunk of that view. */
  readonly largestView: string;
}

function chunkOf(files: BuiltFiles, name: string): BuiltChunk | undefined {
  const file = files[name];
  return file?.type === 'chunk' ? file : undefined;
}

/** A chunk, all that it imports, and their styles. */
function closureOf(files: BuiltFiles, name: string, found: Set<string> = new Set()): Set<string> {
  const chunk = chunkOf(files, name);
  if (chunk === undefined || found.has(name)) return found;
  found.add(name);
  for (const style of chunk.viteMetadata?.importedCss ?? []) found.add(style);
  for (const imported of chunk.imports) closureOf(files, imported, found);
  return found;
}

function gzipBytes(files: BuiltFiles, names: Iterable<string>): number {
  let sum = 0;
  for (const name of names) {
    const file = files[name];
    if (file !== undefined) sum += gzipSync(file.type === 'chunk' ? file.code : file.source).length;
  }
  return sum;
}

/**
 * What a browser loads before it shows a view: the entry, the chunk of the view, what they import, and their styles.
 * @throws Error when there is no entry, or it loads no view
 */
export function firstLoadOf(files: BuiltFiles): FirstLoad {
  const entry = Object.keys(files).find((name) => chunkOf(files, name)?.isEntry === true);
  const views = entry === undefined ? [] : (chunkOf(files, entry)?.dynamicImports ?? []);
  if (entry === undefined || views.length === 0) throw new Error('the build has no entry that loads a view');
  const shell = closureOf(files, entry);
  const loads = views.map((view) => ({
    largest: gzipBytes(files, closureOf(files, view, new Set(shell))),
    largestView: view,
  }));
  const heaviest = loads.reduce((most, load) => (load.largest > most.largest ? load : most));
  return { shell: gzipBytes(files, shell), ...heaviest };
}
