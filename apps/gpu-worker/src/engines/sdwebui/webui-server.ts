import type { Log } from '@afterimage/telemetry';
import * as z from 'zod';
import type { Time } from '../../time.ts';
import { EngineError, EngineUnusableError } from '../engine-error.ts';
import { type Dialect, detectDialect, pollMs } from './dialect.ts';
import type { Exchange } from './http-exchange.ts';
import { ServerLists } from './server-lists.ts';
import { readState, type ServerState } from './watch-progress.ts';
import { isConnectionLost, type WebuiClient } from './webui-client.ts';

export interface WebuiServerOptions {
  readonly client: WebuiClient;
  readonly time: Time;
  readonly log: Log;
  readonly startSeconds: number;
  readonly loadSeconds: number;
  readonly pollIntervalMs: number;
}

/** Time in which an interrupt must take effect. */
const INTERRUPT_MS = 30_000;
/** A kept connection may be closed by the server just when it is used again. */
const INTERRUPT_TRIES = 2;
/** Longest wait of a job for a server that is away; one that takes longer to come back is for the worker to wait for. */
const AWAY_SECONDS = 60;
/** One that comes before the job begins is lost, so it is sent again. */
const INTERRUPT_AGAIN_MS = 1000;
/** Without a GPU there are no events. */
const memorySchema = z.object({ cuda: z.object({ events: z.object({ oom: z.int() }) }).catch({ events: { oom: 0 } }) });

/** What is known of the server between requests: its dialect, what it has, and whether it does something. */
export class WebuiServer {
  readonly lists: ServerLists;
  readonly #options: WebuiServerOptions;
  #dialect: Dialect | undefined;
  #pending: Exchange['answered'] | undefined;
  /** Whether the last request was answered, as far as this process knows. */
  #wasAnswered = false;
  #isIdle = false;
  #interruptedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: WebuiServerOptions) {
    this.#options = options;
    this.lists = new ServerLists(options.client);
  }

  async dialect(signal: AbortSignal): Promise<Dialect> {
    this.#dialect ??= await detectDialect(this.#options.client, signal);
    return this.#dialect;
  }

  get pollMs(): number {
    return pollMs(this.#dialect ?? 'a1111', this.#options.pollIntervalMs);
  }

  /** From here until its answer the server counts as busy, whatever it tells about itself. */
  busyWith(answered: Exchange['answered']): void {
    this.#pending = answered;
    this.#isIdle = false;
    this.#wasAnswered = false;
    const over = (wasAnswered: boolean) => {
      if (this.#pending !== answered) return;
      this.#pending = undefined;
      this.#wasAnswered = wasAnswered;
    };
    answered.then(
      () => over(true),
      () => over(false),
    );
  }

  /**
   * To be called with an answer of 200: the server is idle then, without another look. Yields whether the job ran to its end,
   * which the next one makes the server forget. A look that fails proves nothing against the images.
   */
  async endedWell(signal: AbortSignal): Promise<boolean> {
    this.#isIdle = true;
    const state = await readState(this.#options.client, signal).catch(() => undefined);
    return state === undefined || !(state.interrupted || state.skipped);
  }

  /** Never rejects: the one who asks has an error of his own to tell. */
  async interrupt(): Promise<void> {
    const { client, time, log } = this.#options;
    this.#interruptedAtMs = time.monotonicMs();
    try {
      await client.post('interrupt', new AbortController().signal, { tries: INTERRUPT_TRIES });
    } catch (error) {
      log.warn('interrupt not delivered', { error });
    }
  }

  /**
   * Resolves when nothing runs on the server; also when there is no server, as nothing runs there either.
   * @throws EngineUnusableError when interrupts have no effect
   */
  async becomeIdle(signal: AbortSignal): Promise<void> {
    const { time } = this.#options;
    const endsAtMs = time.monotonicMs() + INTERRUPT_MS;
    while (!this.#isIdle) {
      const state = await this.#look(signal);
      const isPending = this.#pending !== undefined;
      if (state === 'gone' && !isPending) return;
      if (!isPending && typeof state === 'object' && (state.job_count === 0 || this.#isStale())) {
        this.#isIdle = true;
        return;
      }
      if (time.monotonicMs() > endsAtMs) {
        throw new EngineUnusableError(`the server did not stop within ${INTERRUPT_MS / 1000} s of an interrupt`);
      }
      if (time.monotonicMs() - this.#interruptedAtMs >= INTERRUPT_AGAIN_MS) await this.interrupt();
      await this.#nextLook(signal);
      signal.throwIfAborted();
    }
  }

  /** A server that accepts connections but does not answer is not gone: something keeps it. */
  async #look(signal: AbortSignal): Promise<ServerState | 'gone' | 'deaf'> {
    try {
      return await readState(this.#options.client, signal);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      return isConnectionLost(error.cause) ? 'gone' : 'deaf';
    }
  }

  /** Waits for the next round, or for the answer that would make it the last. */
  async #nextLook(signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const wait = this.#options.time.wait(this.pollMs, AbortSignal.any([signal, over.signal]));
    const answered = this.#pending?.then(
      () => undefined,
      () => undefined,
    );
    await Promise.race([wait, ...(answered === undefined ? [] : [answered])]);
    over.abort();
  }

  /** A failed request leaves its job behind in what SD.Next tells; the request was answered, so nothing runs. */
  #isStale(): boolean {
    return this.#dialect === 'sdnext' && this.#wasAnswered;
  }

  /**
   * Waits for the server to be there, as after a quick restart.
   * @throws EngineUnusableError when it does not come: the job is better off elsewhere
   */
  async becomeReachable(signal: AbortSignal): Promise<void> {
    if (this.#isIdle) return;
    const { client, time, log } = this.#options;
    const waitSeconds = Math.min(this.#options.startSeconds, AWAY_SECONDS);
    const endsAtMs = time.monotonicMs() + waitSeconds * 1000;
    for (;;) {
      try {
        await client.get('memory', z.unknown(), signal, { tries: 1 });
        await this.dialect(signal);
        return;
      } catch (error) {
        if (error instanceof EngineUnusableError) throw error;
        signal.throwIfAborted();
        if (time.monotonicMs() > endsAtMs) {
          throw new EngineUnusableError(`the server was not there for ${waitSeconds} s`, { cause: error });
        }
        log.warn('server not reached', { error });
        // Whatever comes back may be another version.
        this.#dialect = undefined;
      }
      await time.wait(this.pollMs, signal);
      signal.throwIfAborted();
    }
  }

  /** Out-of-memory events so far; SD.Next tells of them nowhere else. */
  async outOfMemoryEvents(signal: AbortSignal): Promise<number> {
    return (await this.#options.client.get('memory', memorySchema, signal)).cuda.events.oom;
  }

  /** Empties the memory of the GPU as far as it goes: the model is moved out of it and back. */
  async freeMemory(signal: AbortSignal): Promise<void> {
    const { client, log, loadSeconds } = this.#options;
    const timeoutMs = loadSeconds * 1000;
    try {
      await client.post('unload-checkpoint', signal, { tries: 1, timeoutMs });
      await client.post('reload-checkpoint', signal, { tries: 1, timeoutMs });
    } catch (error) {
      if (error instanceof EngineUnusableError) throw error;
      signal.throwIfAborted();
      log.warn('memory not freed', { error });
    }
  }
}
