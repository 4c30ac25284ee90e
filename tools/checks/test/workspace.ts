import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const workspaceRoot = join(import.meta.dirname, '../../..');

const LEFT_OUT = /(^|\/)(node_modules|dist|cdk\.out|out-tsc|test-results|\.afterimage|\.nx)(\/|$)/;

/** Paths of the workspace's own files, relative to its root. */
export function ownFiles(pattern: string): string[] {
  return globSync(pattern, { cwd: workspaceRoot, exclude: (path) => LEFT_OUT.test(path) });
}

export function read(path: string): string {
  return readFileSync(join(workspaceRoot, path), 'utf8');
}

export interface Project {
  readonly folder: string;
  readonly name: string;
  readonly tags: readonly string[];
  /** Names of the workspace's own packages that it depends on at run time. */
  readonly imports: readonly string[];
  /** As `imports`, with those of its tests. */
  readonly allImports: readonly string[];
}

const OWN = '@afterimage/';

function ownNames(dependencies: Readonly<Record<string, string>> = {}): string[] {
  return Object.keys(dependencies).filter((name) => name.startsWith(OWN));
}

/** The projects as their package.json files describe them. */
export function projects(): Project[] {
  return ownFiles('{infra,{apps,libs,tools}/*}/package.json').map((path) => {
    const manifest = JSON.parse(read(path));
    const imports = ownNames(manifest.dependencies);
    return {
      folder: dirname(path),
      name: manifest.name,
      tags: manifest.nx?.tags ?? [],
      imports,
      allImports: [...imports, ...ownNames(manifest.devDependencies)],
    };
  });
}
