import { traceIdOf } from '@afterimage/job-core';
import { type BatchEvent, type Delivery, type JobEvent, webhookBodySchema } from '@afterimage/job-schemas';
import { noteJob } from '@afterimage/telemetry';

/** Names the job of an event for the log lines about it; batches have none. */
export function noteEvent(event: JobEvent | BatchEvent): void {
  if (event.type === 'batch.completed') return;
  const { id: jobId, attempts, traceId } = event.data.job;
  noteJob({ jobId, attempt: attempts.at(-1)?.number ?? null, tenantId: event.tenantid, traceId });
}

/** As {@link noteEvent}, of a delivery that is tried again. */
export function noteDelivery({ subject, tenantId, traceparent, body }: Delivery): void {
  if (!subject.startsWith('job_')) return;
  const { data } = webhookBodySchema.safeParse(JSON.parse(body));
  const attempt = data?.data.job.attempts.at(-1)?.number ?? null;
  noteJob({ jobId: subject, attempt, tenantId, traceId: traceIdOf(traceparent) });
}
