import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DownloadOptions, OutputHandle } from '../index.ts';

/** An image that can be saved. */
export interface FileOutput extends OutputHandle {
  /**
   * Saves the image, and makes the folder for it. The file appears under its name only when it is whole and the job's.
   * @returns the path
   * @throws IntegrityError when what arrives is not the job's file, and the file system's own errors
   */
  toFile(path: string, options?: DownloadOptions): Promise<string>;
}

export function withFiles(output: OutputHandle): FileOutput {
  return {
    ...output,
    async toFile(path, { signal } = {}) {
      await mkdir(dirname(path), { recursive: true });
      const bytes = await output.bytes({ signal });
      const temporary = `${path}.${randomUUID()}.part`;
      try {
        await writeFile(temporary, bytes, { flag: 'wx', signal });
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
      return path;
    },
  };
}
