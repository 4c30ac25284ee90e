import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type * as z from 'zod';
import type { Time } from '../../time.ts';
import { EngineError, EngineUnusableError } from '../engine-error.ts';
import { type Exchange, type HttpAnswer, startExchange } from './http-exchange.ts';

/** The server answered, but not with what was asked for. */
export class WebuiStatusError extends Error {
  override readonly name = 'WebuiStatusError';
  readonly status: number;

  constructor(path: string, status: number) {
    super(`${path} answered ${status}`);
    this.status = status;
  }
}

export interface WebuiClientOptions {
  readonly url: string;
  /** `user:password` */
  readonly auth: string | undefined;
  readonly time: Time;
}

interface Control {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
  readonly tries?: number;
}

const CONTROL_MS = 5000;
const CONTROL_TRIES = 3;
const RETRY_MS = 100;
const CONTROL_BYTES = 16 * 1024 * 1024;

/** The HTTP side of one WebUI: small requests that may be repeated, and the generation, which may not. */
export class WebuiClient {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #agent: HttpAgent;
  readonly #time: Time;

  constructor({ url, auth, time }: WebuiClientOptions) {
    this.#url = url;
    // Compressing base64 of pictures is lost time on both sides.
    this.#headers = {
      accept: 'application/json',
      'accept-encoding': 'identity',
      ...(auth === undefined ? {} : { authorization: `Basic ${Buffer.from(auth).toString('base64')}` }),
    };
    this.#agent = new (url.startsWith('https:') ? HttpsAgent : HttpAgent)({ keepAlive: true });
    this.#time = time;
  }

  /**
   * @throws EngineUnusableError when the credentials are refused; for anything else an EngineError that can be retried, whose
   * cause is a WebuiStatusError, a ZodError or the error of the connection; the signal's reason
   */
  async get<T extends z.ZodType>(
    path: string,
    schema: T,
    signal: AbortSignal,
    options: Pick<Control, 'tries'> = {},
  ): Promise<z.infer<T>> {
    return this.#control({ method: 'GET', path, signal, ...options }, (body) =>
      schema.parse(JSON.parse(body.toString())),
    );
  }

  /** For what does no harm when it happens twice: interrupt, refresh, unload, reload. Throws as `get` does. */
  async post(path: string, signal: AbortSignal, options: Pick<Control, 'tries' | 'timeoutMs'> = {}): Promise<void> {
    await this.#control({ method: 'POST', path, signal, ...options }, () => undefined);
  }

  /** Sent once, over a connection of its own. The signal only ends the waiting: the server works on. */
  generate(path: string, body: string, maxBytes: number, signal: AbortSignal): Exchange {
    const headers = {
      ...this.#headers,
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      connection: 'close',
    };
    return startExchange({ method: 'POST', url: this.#urlOf(path), headers, body, maxBytes, signal });
  }

  close(): void {
    this.#agent.destroy();
  }

  #urlOf(path: string): URL {
    return new URL(`${this.#url}/sdapi/v1/${path}`);
  }

  async #control<T>(control: Control, read: (body: Buffer) => T): Promise<T> {
    const { path, signal, tries = CONTROL_TRIES } = control;
    for (let left = tries - 1; ; left -= 1) {
      try {
        const { status, body } = await this.#exchange(control);
        refuseUnauthorized(path, status);
        if (status < 200 || status > 299) throw new WebuiStatusError(path, status);
        return read(body);
      } catch (cause) {
        signal.throwIfAborted();
        if (cause instanceof EngineUnusableError) throw cause;
        if (left <= 0 || (cause instanceof WebuiStatusError && cause.status < 500)) {
          throw new EngineError('engine_error', `the engine did not answer ${path}`, { isRetryable: true, cause });
        }
        await this.#time.wait(RETRY_MS, signal);
      }
    }
  }

  #exchange({ method, path, signal, timeoutMs = CONTROL_MS }: Control): Promise<HttpAnswer> {
    return startExchange({
      method,
      url: this.#urlOf(path),
      headers: { ...this.#headers, ...(method === 'POST' ? { 'content-length': '0' } : {}) },
      agent: this.#agent,
      maxBytes: CONTROL_BYTES,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    }).answered;
  }
}

/** Whether there was no whole answer because the connection was refused, or ended. */
export function isConnectionLost(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

/** Whether nobody took the connection, so that nothing of the request has arrived. */
export function isRefused(error: unknown): boolean {
  return error instanceof EngineError && isConnectionLost(error.cause) && error.cause.code === 'ECONNREFUSED';
}

/** @throws EngineUnusableError for the answers that only another configuration can change */
export function refuseUnauthorized(path: string, status: number): void {
  if (status !== 401 && status !== 403) return;
  throw new EngineUnusableError(`the server refuses ENGINE_AUTH: ${path} answered ${status}`);
}
