import type { BatchEvent, JobEvent } from '@afterimage/job-schemas';

/** What the webhook contract promises to receivers. */
const MAX_BODY_BYTES = 20_000;
const MAX_ERROR_CHARACTERS = 500;

function serialize({ type, time, data }: JobEvent | BatchEvent): string {
  return JSON.stringify({ type, timestamp: time, data });
}

function cut(event: JobEvent | BatchEvent): JobEvent | BatchEvent {
  if (event.type === 'batch.completed') return { ...event, data: { batch: { ...event.data.batch, metadata: {} } } };
  const { job } = event.data;
  const error = job.error && { ...job.error, message: job.error.message.slice(0, MAX_ERROR_CHARACTERS) };
  return { ...event, data: { job: { ...job, metadata: {}, error } } };
}

/**
 * The body as it is signed and sent. Only a tenant's own metadata and an engine's error message can make it too large:
 * then they are left out and cut, and the receiver finds them in the job.
 */
export function webhookBody(event: JobEvent | BatchEvent): string {
  const body = serialize(event);
  return Buffer.byteLength(body) < MAX_BODY_BYTES ? body : serialize(cut(event));
}
