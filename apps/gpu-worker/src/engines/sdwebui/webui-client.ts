import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Time } from '../../time.ts';
import { EngineUnusableError } from '../engine-error.ts';
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

  /** @throws EngineUnusableError when the credentials are refused, WebuiStatusError, the last error of the connection */
  async get(path: string, signal: AbortSignal, options: Pick<Control, 'tries'> = {}): Promise<unknown> {
    return this.#control({ method: 'GET', path, signal, ...options });
  }

  /** For what does no harm when it happens twice: interrupt, refresh, unload, reload. Throws as `get` does. */
  async post(path: string, signal: AbortSignal, options: Pick<Control, 'tries' | 'timeoutMs'> = {}): Promise<unknown> {
    return this.#control({ method: 'POST', path, signal, ...options });
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

  async #control({ method, path, signal, timeoutMs = CONTROL_MS, tries = CONTROL_TRIES }: Control): Promise<unknown> {
    for (let left = tries - 1; ; left -= 1) {
      try {
        const { answered } = startExchange({
          method,
          url: this.#urlOf(path),
          headers: { ...this.#headers, ...(method === 'POST' ? { 'content-length': '0' } : {}) },
          agent: this.#agent,
          maxBytes: CONTROL_BYTES,
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        });
        return readControl(path, await answered);
      } catch (error) {
        signal.throwIfAborted();
        const isFinal =
          error instanceof EngineUnusableError || (error instanceof WebuiStatusError && error.status < 500);
        if (isFinal || left <= 0) throw error;
        await this.#time.wait(RETRY_MS, signal);
      }
    }
  }
}

/** Whether there was no whole answer because the connection was refused, or ended. */
export function isConnectionLost(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

/** @throws EngineUnusableError for the answers that only another configuration can change */
export function refuseUnauthorized(path: string, status: number): void {
  if (status !== 401 && status !== 403) return;
  throw new EngineUnusableError(`the server refuses ENGINE_AUTH: ${path} answered ${status}`);
}

function readControl(path: string, { status, body }: HttpAnswer): unknown {
  refuseUnauthorized(path, status);
  if (status < 200 || status > 299) throw new WebuiStatusError(path, status);
  return body.length === 0 ? null : JSON.parse(body.toString());
}
