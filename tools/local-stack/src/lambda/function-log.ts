import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';

/** The log of one function: what its environments write, and what the runtime has to say about them. */
export interface FunctionLog {
  append(stream: Readable): void;
  write(message: string): void;
  close(): Promise<void>;
}

function platformLine(message: string): string {
  return `${JSON.stringify({ level: 'PLATFORM', message })}\n`;
}

/** A log in a file, which is started anew. */
export function openLogFile(path: string): FunctionLog {
  mkdirSync(dirname(path), { recursive: true });
  const file = createWriteStream(path, { flags: 'w' });
  return {
    append: (stream) => void stream.on('data', (chunk: Buffer) => file.write(chunk)),
    write: (message) => void file.write(platformLine(message)),
    close: () => new Promise((resolve) => void file.end(resolve)),
  };
}

/** A log on the terminal. */
export function terminalLog(): FunctionLog {
  return {
    append: (stream) => void stream.on('data', (chunk: Buffer) => process.stdout.write(chunk)),
    write: (message) => void process.stdout.write(platformLine(message)),
    close: () => Promise.resolve(),
  };
}
