import type { Settings } from './client-options.ts';
import { IntegrityError, RedirectError } from './errors.ts';
import type { JobOutput } from './job.ts';
import { sha256Of } from './sha256.ts';
import { errorOf, overNetwork, type Transport } from './transport.ts';

export interface DownloadOptions {
  readonly signal?: AbortSignal | undefined;
}

/** One image of a job, and the ways to its bytes. Every download is checked against the job's size and SHA-256. */
export interface OutputHandle {
  /** What the job says of the image. */
  readonly output: JobOutput;
  readonly index: number;
  readonly contentType: string;
  /** A good name for the file: `<job id>-<index>.<png|jpg|webp|avif>`. */
  readonly fileName: string;
  /** @throws IntegrityError when what arrives is not the job's file */
  bytes(options?: DownloadOptions): Promise<Uint8Array<ArrayBuffer>>;
  /** @throws IntegrityError when what arrives is not the job's file */
  blob(options?: DownloadOptions): Promise<Blob>;
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/avif': 'avif',
};

export interface OutputHandleOptions {
  readonly settings: Settings;
  readonly transport: Transport;
  readonly jobId: string;
  readonly output: JobOutput;
  /** A signed address of the file from the job as it is now; for runtimes that hide where a redirect leads. */
  readonly freshUrl: (signal: AbortSignal) => Promise<string | null>;
}

export function makeOutputHandle({ settings, transport, jobId, output, freshUrl }: OutputHandleOptions): OutputHandle {
  const { origin, apiKey, fetch, downloadTimeoutMs, runtime } = settings;

  /** `contentUrl` redirects to a signed URL at another host, which must not see the key. */
  async function open(signal: AbortSignal): Promise<Response> {
    const { contentUrl } = output;
    const headers: Record<string, string> =
      new URL(contentUrl).origin === origin ? { authorization: `Bearer ${apiKey}` } : {};
    const first = await overNetwork(origin, () => fetch(contentUrl, { headers, redirect: 'manual', signal }));
    const target = await targetOf(first, signal);
    if (target === null) return first;
    await first.body?.cancel();
    return overNetwork(target.origin, () => fetch(target, { signal }));
  }

  async function targetOf(response: Response, signal: AbortSignal): Promise<URL | null> {
    const isHidden = response.type === 'opaqueredirect';
    if (!isHidden && (response.status < 300 || response.status >= 400)) return null;
    const location = isHidden ? await freshUrl(signal) : response.headers.get('location');
    if (location === null) throw new RedirectError(null);
    return new URL(location, output.contentUrl);
  }

  async function download(signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const response = await open(signal);
    if (!response.ok) {
      const body = await overNetwork(origin, () => response.text());
      throw errorOf(response.status, response.headers, body, runtime.nowMs());
    }
    const bytes = await overNetwork(origin, () => readAtMost(response, output.bytes));
    if (bytes.length !== output.bytes) {
      throw new IntegrityError(output.index, `it should have ${output.bytes} bytes, not ${bytes.length}`);
    }
    const sha256 = await sha256Of(bytes);
    if (sha256 === output.sha256.toLowerCase()) return bytes;
    throw new IntegrityError(output.index, `its SHA-256 should be ${output.sha256}, not ${sha256}`);
  }

  const bytes: OutputHandle['bytes'] = ({ signal } = {}) =>
    transport.attempt(download, { timeoutMs: downloadTimeoutMs, signal });

  return {
    output,
    index: output.index,
    contentType: output.contentType,
    fileName: `${jobId}-${output.index}.${EXTENSIONS[output.contentType] ?? 'bin'}`,
    bytes,
    blob: async (options) => new Blob([await bytes(options)], { type: output.contentType }),
  };
}

/** Reads the body, at most the chunk that goes over the limit: a body that never ends must not fill the memory. */
async function readAtMost(response: Response, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.length;
    if (length > limit) await reader.cancel();
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
