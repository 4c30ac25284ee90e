import type { WorkerRecord, WorkerRegistry } from '@afterimage/job-core';
import type { Log } from '@afterimage/telemetry';
import type { Time } from './time.ts';
import type { WorkerStatus } from './worker-status.ts';

export interface ReportWorkerPorts extends Pick<WorkerRecord, 'workerId' | 'pool' | 'engine'> {
  readonly registry: Pick<WorkerRegistry, 'report'>;
  readonly status: Pick<WorkerStatus, 'snapshot'>;
  /** An operator wants the worker to end; called each time that it is told so. */
  readonly onDrain: () => void;
  readonly time: Time;
  readonly log: Log;
}

/** Operators and `GET /v1/models` take a worker for gone that was not heard of for three of these. */
const INTERVAL_MS = 20_000;

/** Tells the registry of the worker, every twenty seconds until the signal aborts, and once more at the end. */
export function makeReportWorker({ registry, status, onDrain, time, log, ...worker }: ReportWorkerPorts) {
  return async function reportWorker(signal: AbortSignal): Promise<void> {
    const startedAt = time.now().toISOString();
    let isFailing = false;

    async function report(): Promise<void> {
      try {
        const seenAt = time.now().toISOString();
        const { isDrainRequested } = await registry.report({ ...worker, ...status.snapshot(), startedAt, seenAt });
        isFailing = false;
        if (isDrainRequested) onDrain();
      } catch (error) {
        // One line for an outage, not one for each report.
        if (!isFailing) log.warn('worker not reported', { error });
        isFailing = true;
      }
    }

    while (!signal.aborted) {
      await report();
      await time.wait(INTERVAL_MS, signal);
    }
    await report();
  };
}
