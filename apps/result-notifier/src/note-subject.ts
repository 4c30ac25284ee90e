import { traceIdOf } from '@afterimage/job-core';
import type { BatchEvent, Delivery, JobEvent } from '@afterimage/job-schemas';
import { noteJob } from '@afterimage/telemetry';

/** Names the job of an event for the log lines about it; batches have none. */
export function noteEvent(event: JobEvent | BatchEvent): void {
  if (event.type === 'batch.completed') return;
  const { id: jobId, attempts, traceId } = event.data.job;
  noteJob({ jobId, attempt: attempts.at(-1)?.number ?? null, tenantId: event.tenantid, traceId });
}

/** As {@link noteEvent}, of a delivery that is tried again. */
export function noteDelivery({ subject, tenantId, traceparent }: Delivery): void {
  if (!subject.startsWith('job_')) return;
  noteJob({ jobId: subject, attempt: null, tenantId, traceId: traceIdOf(traceparent) });
}
