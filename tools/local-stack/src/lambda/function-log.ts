import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';

/** The log of one function: what its environments write, and what the runtime has to say about them. */
export interface LogFile {
  readonly path: string;
  append(stream: Readable): void;
  write(message: string): void;
  close(): Promise<void>;
}

/** Starts the log anew. */
export function openLogFile(path: string): LogFile {
  mkdirSync(dirname(path), { recursive: true });
  const file = createWriteStream(path, { flags: 'w' });
  return {
    path,
    append: (stream) => void stream.on('data', (chunk: Buffer) => file.write(chunk)),
    write: (message) => void file.write(`${JSON.stringify({ level: 'PLATFORM', message })}\n`),
    close: () => new Promise((resolve) => void file.end(resolve)),
  };
}
