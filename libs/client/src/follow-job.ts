import { retryDelayMs } from './backoff.ts';
import type { Settings } from './client-options.ts';
import { ConnectionError, TimeoutError, UnexpectedReplyError } from './errors.ts';
import { readEventStream } from './event-stream.ts';
import { type JobEvent, readJobEvent } from './job-event.ts';
import { errorOf, overNetwork, type Transport } from './transport.ts';

export interface EventsOptions {
  readonly signal?: AbortSignal | undefined;
  /** The id of the last event that is known already; the rest follows. Without it, a snapshot of the job comes first. */
  readonly after?: string | undefined;
}

/** The API sends something every 15 s: a connection that is silent for longer than this is dead. */
const SILENCE_MS = 40_000;
const DEFAULT_RETRY_MS = 2000;
const EVENT_STREAM = 'text/event-stream';

/** Follows jobs over event streams, each of which is opened anew when it is cut. */
export function makeFollowJob(settings: Settings, transport: Transport) {
  const { apiKey, baseUrl, origin, fetch, maxRetries, timeoutMs, onRetry, runtime } = settings;

  /** The body of the stream; undefined when no event will follow. */
  async function bodyOf(response: Response): Promise<ReadableStream<Uint8Array> | undefined> {
    const { status, headers, body } = response;
    if (status === 204) return undefined;
    if (status !== 200) {
      const text = await overNetwork(origin, () => response.text());
      throw errorOf(status, headers, text, runtime.nowMs());
    }
    if (body !== null && headers.get('content-type')?.startsWith(EVENT_STREAM) === true) return body;
    await body?.cancel();
    throw new UnexpectedReplyError('the server answered with something other than an event stream');
  }

  async function open(path: string, lastId: string | null, signal: AbortSignal | undefined) {
    const headers = { accept: EVENT_STREAM, authorization: `Bearer ${apiKey}` };
    const resume: Record<string, string> = lastId === null ? {} : { 'last-event-id': lastId };

    return transport.attempt(
      async (trying) => {
        // The time for a try is over when the stream is open, which then may last.
        const connection = new AbortController();
        const giveUp = () => connection.abort(trying.reason);
        trying.addEventListener('abort', giveUp);
        const either = AbortSignal.any([connection.signal, signal].filter((each) => each !== undefined));
        try {
          const response = await overNetwork(origin, () =>
            fetch(`${baseUrl}${path}`, { headers: { ...headers, ...resume }, redirect: 'manual', signal: either }),
          );
          return await bodyOf(response);
        } finally {
          trying.removeEventListener('abort', giveUp);
        }
      },
      { timeoutMs, signal },
    );
  }

  function silence(): Promise<never> {
    const limit = runtime.timeout(SILENCE_MS);
    return new Promise((_resolve, reject) => {
      const tell = () => reject(new TimeoutError(`no sign of life from ${origin} in ${SILENCE_MS} ms`));
      limit.addEventListener('abort', tell, { once: true });
    });
  }

  /** Text as it comes. @throws ConnectionError when the stream breaks, TimeoutError when it is silent for too long */
  async function* read(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
    const decoder = new TextDecoder();
    const reader = body.getReader();
    try {
      for (;;) {
        const { done, value } = await Promise.race([overNetwork(origin, () => reader.read()), silence()]);
        if (done) return;
        yield decoder.decode(value, { stream: true });
      }
    } finally {
      // A stream that is broken rejects, and there is nothing to wait for.
      reader.cancel().catch(() => undefined);
    }
  }

  return async function* followJob(
    path: string,
    { signal = new AbortController().signal, after }: EventsOptions,
  ): AsyncGenerator<JobEvent, void, undefined> {
    let lastId = after ?? null;
    let retryMs = DEFAULT_RETRY_MS;
    let failures = 0;
    for (;;) {
      const body = await open(path, lastId, signal);
      if (body === undefined) return;
      try {
        for await (const frame of readEventStream(read(body))) {
          retryMs = frame.retryMs ?? retryMs;
          lastId = frame.lastId ?? lastId;
          const event = frame.data === undefined ? undefined : readJobEvent(frame.type, frame.data);
          if (event === undefined) continue;
          failures = 0;
          yield event;
          if (event.type === 'end') return;
        }
      } catch (error) {
        signal.throwIfAborted();
        const isCut = error instanceof ConnectionError || error instanceof TimeoutError;
        if (!isCut || (failures += 1) > maxRetries) throw error;
        onRetry({ error, retry: failures, delayMs: retryMs });
      }
      await runtime.sleep(retryDelayMs(failures + 1, retryMs, runtime.random()) ?? retryMs, signal);
    }
  };
}
