import { setTimeout as pause } from 'node:timers/promises';
import { describeExit, type Child } from './child.ts';

export interface SuperviseOptions {
  readonly name: string;
  /**
   * Starts the process and resolves once it is ready; rejects when it cannot become so or is aborted, with nothing left
   * running.
   */
  start(signal: AbortSignal): Promise<Child>;
  report(message: string): void;
  /** Pause before the first restart; it doubles with each restart that follows soon. */
  readonly backOffMs: number;
}

export interface Supervised {
  /** Resolves when the process runs and is ready. @throws Error after `stop`, or when it was given up */
  whenReady(): Promise<void>;
  /** Of the process that runs now. */
  readonly pid: number | undefined;
  /** Sends a signal to the process that runs now; it is started again after its end. */
  kill(signal: NodeJS.Signals): void;
  /** Ends the process for good. */
  stop(): Promise<void>;
  /** Resolves when starting it was given up. */
  readonly failed: Promise<Error>;
}

const MAX_BACK_OFF_MS = 10_000;
/** Starts in a row that may fail before it is given up. */
const MAX_FAILED_STARTS = 5;
/** A process that lived this long was not part of a crash loop. */
const STABLE_MS = 30_000;

/** Keeps one process running: when it ends without being asked to, it is started again. */
export function supervise({ name, start, report, backOffMs }: SuperviseOptions): Supervised {
  const stopping = new AbortController();
  const { promise: failed, resolve: giveUp } = Promise.withResolvers<Error>();
  let child: Child | undefined;
  let ready = Promise.withResolvers<void>();
  ready.promise.catch(() => undefined);

  async function runOnce(): Promise<string> {
    child = await start(stopping.signal);
    if (stopping.signal.aborted) await child.stop();
    else ready.resolve();
    const exit = await child.exited;
    child = undefined;
    ready = Promise.withResolvers<void>();
    ready.promise.catch(() => undefined);
    return describeExit(exit);
  }

  async function run(): Promise<void> {
    let failedStarts = 0;
    let restarts = 0;
    while (!stopping.signal.aborted) {
      const startedAt = performance.now();
      try {
        const how = await runOnce();
        failedStarts = 0;
        if (performance.now() - startedAt > STABLE_MS) restarts = 0;
        if (!stopping.signal.aborted) report(`${name} ${how}; starting it again`);
      } catch (error) {
        failedStarts += 1;
        if (failedStarts === MAX_FAILED_STARTS) {
          const cause = new Error(`${name} cannot be started`, { cause: error });
          ready.reject(cause);
          return giveUp(cause);
        }
        if (!stopping.signal.aborted) report(`${name} did not start: ${(error as Error).message}`);
      }
      const waitMs = Math.min(MAX_BACK_OFF_MS, backOffMs * 2 ** restarts);
      restarts += 1;
      await pause(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    whenReady: () => ready.promise,
    get pid() {
      return child?.pid;
    },
    kill: (signal) => child?.kill(signal),
    stop: async () => {
      stopping.abort();
      ready.reject(new Error(`${name} was stopped`));
      await child?.stop();
      await running;
    },
    failed,
  };
}
