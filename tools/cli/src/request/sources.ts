import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';

/** Reads a file by its name, or standard input as `-`. @throws CliError that names what cannot be read */
export type ReadSource = (name: string, folder: string) => Promise<Buffer>;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read',
};

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return ('code' in error && typeof error.code === 'string' && REASONS[error.code]) || error.message;
}

export function makeReadSource(stdin: NodeJS.ReadableStream): ReadSource {
  let isStdinRead = false;
  return async function readSource(name, folder) {
    try {
      if (name !== '-') return await readFile(resolve(folder, name));
      if (isStdinRead) throw new Error('it can be read once only');
      isStdinRead = true;
      return await buffer(stdin);
    } catch (cause) {
      const what = name === '-' ? 'standard input' : name;
      throw new CliError(EXIT.usage, `cannot read ${what}: ${reasonOf(cause)}`, { cause });
    }
  };
}
