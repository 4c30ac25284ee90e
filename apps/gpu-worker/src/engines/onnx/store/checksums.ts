import { brokenModel } from '../model/model-error.ts';

/** Names the files of a model in S3 and their SHA-256, as `sha256sum` writes it. */
export const CHECKSUM_FILE = 'SHA256SUMS';

const LINE = /^([0-9a-f]{64}) [ *](?:\.\/)?(.+)$/;
const PART = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;
const MOST_FILES = 1000;
const MOST_DEPTH = 4;

/** A path that stays within the folder it is joined to, on every system. */
export function isSafePath(path: string): boolean {
  const parts = path.split('/');
  return path.length <= 256 && parts.length <= MOST_DEPTH && parts.every((part) => PART.test(part));
}

/**
 * The files that a model consists of: path within the folder → SHA-256 in hexadecimal.
 * @param from names the file in messages
 * @throws EngineError that names the line
 */
export function parseChecksums(text: string, from: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const [, digest, path] = LINE.exec(line.trimEnd()) ?? [];
    if (digest === undefined || path === undefined) throw brokenModel(from, `line ${index + 1} is not "SHA-256  path"`);
    if (!isSafePath(path)) throw brokenModel(from, `line ${index + 1} names a path that may not be written: ${path}`);
    files.set(path, digest);
    if (files.size > MOST_FILES) throw brokenModel(from, `names more than ${MOST_FILES} files`);
  }
  if (!files.has('model_index.json')) throw brokenModel(from, 'does not name model_index.json');
  return files;
}
