import type { Clock } from '@afterimage/job-core';

/** Time as the worker sees it: real in the process, driven by hand in tests. */
export interface Time {
  readonly now: Clock;
  /** Milliseconds of a clock that nobody sets; only differences mean something. */
  monotonicMs(): number;
  /** Resolves after `ms`, or as soon as the signal aborts. Never rejects. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}
