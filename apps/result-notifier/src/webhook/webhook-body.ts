import type { JobEvent, WebhookBody } from '@afterimage/job-schemas';

/** What the webhook contract promises to receivers. */
const MAX_BODY_BYTES = 20_000;
const MAX_ERROR_CHARACTERS = 500;

function serialize({ type, time, data }: JobEvent): string {
  return JSON.stringify({ type, timestamp: time, data } satisfies WebhookBody);
}

/**
 * The body as it is signed and sent. Only a tenant's own metadata and an engine's error message can make it too large:
 * then they are left out and cut, and the receiver finds them in the job.
 */
export function webhookBody(event: JobEvent): string {
  const body = serialize(event);
  if (Buffer.byteLength(body) < MAX_BODY_BYTES) return body;
  const { job } = event.data;
  const error = job.error && { ...job.error, message: job.error.message.slice(0, MAX_ERROR_CHARACTERS) };
  return serialize({ ...event, data: { job: { ...job, metadata: {}, error } } });
}
