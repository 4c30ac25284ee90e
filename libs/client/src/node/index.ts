import { type Client, type ClientOptions, createClientWith } from '../index.ts';
import { type FileOutput, withFiles } from './file-output.ts';

export * from '../index.ts';
export type { FileOutput } from './file-output.ts';

/**
 * A client of the job API whose outputs have `toFile`, for Node.js, Bun and Deno.
 * @throws TypeError for a wrong option
 */
export function createClient(options: ClientOptions): Client<FileOutput> {
  return createClientWith(options, withFiles);
}
