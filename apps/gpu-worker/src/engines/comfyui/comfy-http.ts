import { backOffMs } from '../../back-off.ts';
import type { Time } from '../../time.ts';
import { EngineUnusableError } from '../engine-error.ts';

export interface HttpCall {
  readonly method: 'GET' | 'POST';
  /** With its query. */
  readonly path: string;
  readonly json?: unknown;
  readonly form?: FormData;
  readonly timeoutMs: number;
  /** How often it is sent at most, counting the first time. */
  readonly tries: number;
  /** Whether an answer need not be asked for again; those of a server in trouble (5xx) are, unless it is said otherwise. */
  readonly isFinal?: (answer: HttpAnswer) => boolean;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/**
 * No answer came. `refused`: the request was never sent, so the server is not there. `broken`, `timeout`: the server may
 * have acted on it.
 */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  readonly kind: 'refused' | 'broken' | 'timeout';

  constructor(kind: NoAnswerError['kind'], call: string, cause: unknown) {
    super(`${call}: ${kind}`, { cause });
    this.kind = kind;
  }
}

/** A status that the call cannot do with, or a body that is not what ComfyUI answers. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
  readonly status: number;

  constructor(call: string, status: number, cause?: unknown) {
    super(`${call} was answered with ${status}${cause === undefined ? '' : ' and something unknown'}`, { cause });
    this.status = status;
  }
}

const BACK_OFF = { firstMs: 200, capMs: 1000 };
/** More than any file of a job; the rest is not read. */
const MOST_BYTES = 128 * 1024 * 1024;
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

function nameOf({ method, path }: HttpCall): string {
  return `${method} ${path.replace(/\?.*/s, '')}`;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return codeOf(error.cause);
}

async function readBody(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw new Error(`the answer is longer than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Calls to one server, each with a limit on its time. */
export class ComfyHttp {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #time: Time;

  /** @param auth `user:password` of HTTP Basic authentication */
  constructor({ url, auth, time }: { readonly url: string; readonly auth?: string | undefined; readonly time: Time }) {
    this.#url = url.replace(/\/+$/, '');
    this.#headers = auth === undefined ? {} : { authorization: `Basic ${Buffer.from(auth).toString('base64')}` };
    this.#time = time;
  }

  get headers(): Readonly<Record<string, string>> {
    return this.#headers;
  }

  socketUrl(path: string): string {
    return `${this.#url.replace(/^http/, 'ws')}${path}`;
  }

  /**
   * @throws NoAnswerError when none of the tries was answered; EngineUnusableError when the server wants other
   * credentials; the signal's reason when it aborts
   */
  async call(call: HttpCall): Promise<HttpAnswer> {
    const { isFinal = ({ status }) => status < 500 } = call;
    for (let tries = 1; ; tries++) {
      try {
        const answer = await this.#callOnce(call);
        if (isFinal(answer) || tries >= call.tries) return answer;
      } catch (error) {
        if (!(error instanceof NoAnswerError) || tries >= call.tries) throw error;
      }
      // Nobody else calls this server, so there is nothing to spread by chance.
      await this.#time.wait(backOffMs(tries, BACK_OFF, 1), call.signal);
      call.signal.throwIfAborted();
    }
  }

  async #callOnce(call: HttpCall): Promise<HttpAnswer> {
    const { method, path, json, form, timeoutMs, signal } = call;
    signal.throwIfAborted();
    const over = new AbortController();
    const late = new AbortController();
    void this.#time.wait(timeoutMs, over.signal).then(() => late.abort());
    const body = form ?? (json === undefined ? undefined : JSON.stringify(json));
    const type = json === undefined ? {} : { 'content-type': 'application/json' };
    try {
      const response = await fetch(`${this.#url}${path}`, {
        method,
        headers: { ...this.#headers, ...type },
        redirect: 'error',
        signal: AbortSignal.any([signal, late.signal]),
        ...(body === undefined ? {} : { body }),
      });
      const answer = { status: response.status, body: await readBody(response) };
      // `/view` says 403 of a path.
      if (answer.status === 401 || (answer.status === 403 && !path.startsWith('/view'))) {
        throw new EngineUnusableError(`ComfyUI answers ${answer.status}: its credentials are wrong`);
      }
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof EngineUnusableError) throw error;
      if (late.signal.aborted) throw new NoAnswerError('timeout', nameOf(call), error);
      throw new NoAnswerError(NEVER_SENT.has(codeOf(error)) ? 'refused' : 'broken', nameOf(call), error);
    } finally {
      over.abort();
    }
  }
}
