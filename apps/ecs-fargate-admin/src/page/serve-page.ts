import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

/** The file of a path of the page; every path that is no file is a view, and answers the page itself. */
export type ServePage = (path: string) => Response;

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  svg: 'image/svg+xml',
  png: 'image/png',
  woff2: 'font/woff2',
};
const INDEX = '/index.html';
/** Files below it have the hash of their content in their name. */
const HASHED = '/assets/';

function contentTypeOf(path: string): string {
  return CONTENT_TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
}

/**
 * Serves the built page from memory: nothing outside the folder can be asked for.
 * @param directory the folder that the page was built into
 * @throws Error when it has no `index.html`
 */
export function makeServePage(directory: string): ServePage {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = new Map(
    entries.map(({ parentPath, name }) => {
      const file = join(parentPath, name);
      return [
        `/${file
          .slice(directory.length + 1)
          .split(sep)
          .join('/')}`,
        readFileSync(file),
      ];
    }),
  );
  const index = files.get(INDEX);
  if (index === undefined) throw new Error(`${directory} has no ${INDEX.slice(1)}: the page is not built`);
  return function servePage(path) {
    const file = files.get(path);
    const headers = {
      'content-type': contentTypeOf(file === undefined ? INDEX : path),
      'cache-control': path.startsWith(HASHED) ? 'public, max-age=31536000, immutable' : 'no-cache',
    };
    if (file === undefined && path.startsWith(HASHED)) return new Response(null, { status: 404 });
    return new Response(new Uint8Array(file ?? index), { headers });
  };
}
