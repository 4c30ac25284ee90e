import type { DrainError } from './interruptions.ts';
import type { Time } from './time.ts';

/** A time that can only be brought forward, and why it is as early as it is. */
export class Deadline {
  readonly #time: Time;
  #atMs = Number.POSITIVE_INFINITY;
  #reason: DrainError | undefined;
  #moved = new AbortController();

  constructor(time: Time) {
    this.#time = time;
  }

  /** Sets it to `ms` from now, unless it is earlier already. */
  bringForward(ms: number, reason: DrainError): void {
    const atMs = this.#time.monotonicMs() + ms;
    if (atMs >= this.#atMs) return;
    this.#atMs = atMs;
    this.#reason = reason;
    this.#moved.abort();
    this.#moved = new AbortController();
  }

  /** Resolves to the reason when the time has come, and to undefined when the signal aborts before that. */
  async passes(signal: AbortSignal): Promise<DrainError | undefined> {
    while (!signal.aborted) {
      const leftMs = this.#atMs - this.#time.monotonicMs();
      if (leftMs <= 0) return this.#reason;
      await this.#time.wait(leftMs, AbortSignal.any([signal, this.#moved.signal]));
    }
    return undefined;
  }
}
