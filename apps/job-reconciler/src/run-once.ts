import type { Telemetry } from '@afterimage/telemetry';
import { METRIC_OF_STEP, STEP_FAILED } from './metrics.ts';
import { createTally, type Summary, type Tally } from './summary.ts';

/** Time kept of the invocation for the steps that run when it is nearly over. */
const RESERVE_MS = 5000;

/** One kind of work; it counts its own failures, and takes no new item once `mayGoOn` is false. */
export type Task = (mayGoOn: () => boolean, tally: Tally) => Promise<void>;

/** One invocation: the tasks one after the other, each in spite of the failure of another. */
export function makeRunOnce(options: { readonly tasks: readonly Task[]; readonly telemetry: Telemetry }) {
  const { log, metrics } = options.telemetry;

  function report(summary: Summary): void {
    for (const [kind, count] of Object.entries(summary.steps)) {
      const name = METRIC_OF_STEP.get(kind);
      if (name !== undefined) metrics.count(name, count);
    }
    metrics.count(STEP_FAILED, summary.failures);
    log.info('run finished', { ...summary });
  }

  return async function runOnce(remainingMs: () => number): Promise<Summary> {
    const mayGoOn = () => remainingMs() > RESERVE_MS;
    const tally = createTally();
    for (const task of options.tasks) {
      try {
        await task(mayGoOn, tally);
      } catch (error) {
        tally.failure();
        log.error('task failed', { error });
      }
    }
    const summary = tally.summary();
    report(summary);
    return summary;
  };
}
