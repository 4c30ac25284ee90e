import { onTestFinished } from 'vitest';
import { type FakeApi, type FakeReply, startFakeApi } from '@afterimage/testing/fake-api';
import type { Job } from '@afterimage/job-schemas';
import type { ClientOptions, CreateJobRequest } from '../src/index.ts';
import { type Client, createClient, type FileOutput } from '../src/node/index.ts';

export const API_KEY = 'ai_key_secret';
/** Time of the fake clock at its start. */
export const NOW = new Date('2026-01-02T03:04:05Z');
export const REQUEST: CreateJobRequest = {
  model: 'sketch-1',
  task: 'text-to-image',
  input: { prompt: 'a red lighthouse' },
};

export async function anApi(): Promise<FakeApi> {
  const api = await startFakeApi();
  onTestFinished(() => api[Symbol.asyncDispose]());
  return api;
}

export interface TestClient {
  readonly client: Client<FileOutput>;
  /** Every pause, in milliseconds. */
  readonly pauses: readonly number[];
  /** The longest time of each try and each wait, in milliseconds, with what ends it. */
  readonly timeouts: readonly { readonly delayMs: number; readonly end: () => void }[];
}

/** A client with a real network and a clock that only its own pauses move. */
export function aClient(api: FakeApi, options: Partial<ClientOptions> = {}): TestClient {
  const pauses: number[] = [];
  const timeouts: { delayMs: number; end: () => void }[] = [];
  let nowMs = NOW.getTime();
  let keys = 0;
  const client = createClient({
    apiKey: API_KEY,
    baseUrl: api.url,
    ...options,
    runtime: {
      nowMs: () => nowMs,
      async sleep(delayMs, signal) {
        signal.throwIfAborted();
        pauses.push(delayMs);
        nowMs += delayMs;
      },
      timeout(delayMs) {
        const controller = new AbortController();
        timeouts.push({ delayMs, end: () => controller.abort(new DOMException('time is over', 'TimeoutError')) });
        return controller.signal;
      },
      random: () => 0.5,
      newIdempotencyKey: () => `key-${++keys}`,
      ...options.runtime,
    },
  });
  return { client, pauses, timeouts };
}

/** A job as a reply that was waited for. */
export function jobReply(job: Job, headers: Readonly<Record<string, string>> = {}): FakeReply {
  return {
    status: 200,
    headers: { etag: `W/"${job.version}"`, 'preference-applied': 'wait=20', ...headers },
    body: job,
  };
}
