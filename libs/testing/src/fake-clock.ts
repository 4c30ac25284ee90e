import type { Clock } from '@afterimage/job-core';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** A clock that stands still until a test moves it, with timers that ring when it passes them. */
export class FakeClock {
  #ms: number;
  readonly #timers = new Set<Timer>();
  /** The clock as use cases take it. */
  readonly now: Clock = () => new Date(this.#ms);

  constructor(start: string | Date = '2026-01-02T03:04:05.678Z') {
    this.#ms = new Date(start).getTime();
  }

  /** Calls `run` when `delayMs` have passed; the function that comes back calls that off. */
  schedule(delayMs: number, run: () => void): () => void {
    const timer = { at: this.#ms + delayMs, run };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Timers that have not rung. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Moves the clock; timers that it passes ring in their order, each at its own time. */
  advance(ms: number): void {
    const end = this.#ms + ms;
    for (let next = this.#nextBy(end); next !== undefined; next = this.#nextBy(end)) {
      this.#timers.delete(next);
      this.#ms = Math.max(this.#ms, next.at);
      next.run();
    }
    this.#ms = end;
  }

  #nextBy(end: number): Timer | undefined {
    return [...this.#timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
  }
}
