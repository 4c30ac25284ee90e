import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from './clock.ts';
import { CliError } from './errors.ts';
import { EXIT } from './exit-codes.ts';
import type { Retry } from './http/retry.ts';
import { overNetwork, throwIfError, type Fetch } from './http/send.ts';
import type { JobView, OutputView } from './job-view.ts';
import type { Settings } from './settings.ts';

const DOWNLOAD_TIMEOUT_MS = 300_000;
const EXTENSIONS: Readonly<Record<string, string>> = { 'image/png': 'png', 'image/jpeg': 'jpg', 'image/webp': 'webp' };

export interface DownloadOptions {
  readonly settings: Settings;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly retry: Retry;
}

/** Saves one output of a job in a folder and returns its path. */
export type Download = (job: JobView, output: OutputView, folder: string, signal: AbortSignal) => Promise<string>;

export function outputFileName(job: JobView, output: OutputView): string {
  return `${job.id}-${output.index}.${EXTENSIONS[output.contentType] ?? 'bin'}`;
}

/**
 * The file appears under its name only when size and SHA-256 are those of the job.
 * @throws CliError when they are not, or the file cannot be fetched or written
 */
export function makeDownload({ settings, fetch, clock, retry }: DownloadOptions): Download {
  /** The answer of `contentUrl` is a redirect to a signed URL at another host, which must not see the key. */
  async function openContent(output: OutputView, signal: AbortSignal): Promise<Response> {
    const { contentUrl } = output;
    const isOwnApi = new URL(contentUrl).origin === new URL(settings.apiUrl).origin;
    const headers = isOwnApi ? { authorization: `Bearer ${settings.apiKey}` } : {};
    const first = await fetch(contentUrl, { headers, redirect: 'manual', signal });
    const location = first.status < 300 || first.status >= 400 ? null : first.headers.get('location');
    if (location === null) return first;
    await first.body?.cancel();
    return fetch(new URL(location, contentUrl), { signal });
  }

  async function writeChecked(
    output: OutputView,
    response: Response,
    file: FileHandle,
    signal: AbortSignal,
  ): Promise<void> {
    const hash = createHash('sha256');
    let bytes = 0;
    const body = response.body?.getReader();
    while (body !== undefined) {
      const chunk = await overNetwork(output.contentUrl, signal, () => body.read());
      if (chunk.done) break;
      bytes += chunk.value.length;
      hash.update(chunk.value);
      // A body that never ends must not fill the disk.
      if (bytes > output.bytes) await body.cancel();
      else await file.writeFile(chunk.value);
    }
    if (bytes !== output.bytes) throw refused(output, `it should have ${output.bytes} bytes, not ${bytes}`);
    const sha256 = hash.digest('hex');
    if (sha256 !== output.sha256) throw refused(output, `its SHA-256 should be ${output.sha256}, not ${sha256}`);
  }

  async function saveOnce(output: OutputView, path: string, signal: AbortSignal): Promise<void> {
    const timed = AbortSignal.any([signal, AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS)]);
    const response = await overNetwork(output.contentUrl, signal, () => openContent(output, timed));
    if (!response.ok) {
      throwIfError(response, await overNetwork(output.contentUrl, signal, () => response.text()), clock);
    }
    const temporary = `${path}.${randomUUID()}.part`;
    try {
      const file = await open(temporary, 'wx');
      try {
        await writeChecked(output, response, file, signal);
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  return async function download(job, output, folder, signal) {
    const path = join(folder, outputFileName(job, output));
    await inFolder(folder, () => mkdir(folder, { recursive: true }));
    await inFolder(folder, () => retry(() => saveOnce(output, path, signal), signal));
    return path;
  };
}

function refused(output: OutputView, reason: string): CliError {
  return new CliError(EXIT.failed, `output ${output.index} arrived damaged and was not saved: ${reason}`);
}

/** A full disk or a folder that may not be written is a message, not a stack. */
async function inFolder<T>(folder: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new CliError(EXIT.failed, `cannot write to ${folder}: ${error.message}`, { cause: error });
  }
}
