import { statfs } from 'node:fs/promises';
import { EngineError } from '../../engine-error.ts';

/** Left free beside what is reserved. */
const MARGIN_BYTES = 64 * 1024 * 1024;

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;

export type FreeBytes = (directory: string) => Promise<number>;

export const freeBytes: FreeBytes = async (directory) => {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
};

/** Space of one disk: what is promised to downloads under way is not promised again. */
export class DiskSpace {
  readonly #directory: string;
  readonly #free: FreeBytes;
  #reserved = 0;

  constructor(directory: string, free: FreeBytes = freeBytes) {
    this.#directory = directory;
    this.#free = free;
  }

  async has(bytes: number): Promise<boolean> {
    return (await this.#free(this.#directory)) - this.#reserved >= bytes + MARGIN_BYTES;
  }

  /**
   * Reserves space before a download begins.
   * @returns ends the reservation
   * @throws EngineError when there is not as much
   */
  async reserve(bytes: number, what: string): Promise<() => void> {
    if (!(await this.has(bytes))) {
      const free = (await this.#free(this.#directory)) - this.#reserved;
      const message = `${this.#directory}: ${what} takes ${gigabytes(bytes)}, but ${gigabytes(Math.max(0, free))} are free`;
      throw new EngineError('model_load_failed', message, { isRetryable: false });
    }
    this.#reserved += bytes;
    return () => {
      this.#reserved -= bytes;
    };
  }
}
