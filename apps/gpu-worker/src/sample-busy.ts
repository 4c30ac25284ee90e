import type { MetricSink } from '@afterimage/telemetry';
import { METRIC } from './metrics.ts';
import type { Time } from './time.ts';
import type { WorkerStatus } from './worker-status.ts';

export interface SampleBusyPorts {
  readonly status: Pick<WorkerStatus, 'busyMs'>;
  readonly metrics: MetricSink;
  readonly time: Pick<Time, 'monotonicMs' | 'wait'>;
}

/** One value in each period of CloudWatch. */
const INTERVAL_MS = 60_000;

/** Writes the share of each minute in which the worker had a job, until the signal aborts. */
export function makeSampleBusy({ status, metrics, time }: SampleBusyPorts) {
  return async function sampleBusy(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const from = { atMs: time.monotonicMs(), busyMs: status.busyMs };
      await time.wait(INTERVAL_MS, signal);
      if (signal.aborted) return;
      const elapsedMs = time.monotonicMs() - from.atMs;
      metrics.gauge(METRIC.busyShare, Math.min(100, (100 * (status.busyMs - from.busyMs)) / elapsedMs));
      metrics.flush();
    }
  };
}
