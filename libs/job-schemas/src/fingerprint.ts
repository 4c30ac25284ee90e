import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { encodeId } from './ids.ts';

/** SHA-256, in hex, of the JSON value in its RFC 8785 canonical form: equal for bodies that mean the same. */
export function fingerprint(value: unknown): string {
  return createHash('sha256')
    .update(canonicalize(value) ?? 'null')
    .digest('hex');
}

/** The same id whenever the parts are the same. */
function idOf(prefix: Parameters<typeof encodeId>[0], ...parts: readonly string[]): string {
  return encodeId(prefix, createHash('sha256').update(JSON.stringify(parts)).digest());
}

/** The id of the job that a tenant's idempotency key stands for, so that one conditional put also consumes the key. */
export function idempotentJobId(tenantId: string, path: string, key: string): string {
  return idOf('job', tenantId, path, key);
}

/** The id of the batch that a tenant's idempotency key stands for. */
export function idempotentBatchId(tenantId: string, path: string, key: string): string {
  return idOf('bat', tenantId, path, key);
}

/** The id of the webhook endpoint that a tenant's idempotency key stands for. */
export function idempotentEndpointId(tenantId: string, path: string, key: string): string {
  return idOf('whe', tenantId, path, key);
}

/** The id of the job of one item of a batch, so that making it again finds it. `index` counts from 0. */
export function batchJobId(batchId: string, index: number): string {
  return encodeId('job', createHash('sha256').update(`${batchId}/${index}`).digest());
}

/** The id of the event of a batch's end: the same on every publication of it. */
export function batchEventId(batchId: string): string {
  return encodeId('evt', createHash('sha256').update(`${batchId}#completed`).digest());
}

/** The id of a tenant's upload of these bytes: uploading them again is the same upload. `sha256` in hex. */
export function uploadIdOf(tenantId: string, sha256: string): string {
  return idOf('upl', tenantId, sha256);
}

/** The id of one event of a job: the same on every publication of it. */
export function jobEventId(jobId: string, version: number): string {
  return encodeId('evt', createHash('sha256').update(`${jobId}#${version}`).digest());
}

/** The id of the delivery of one event to one target: the same however often the event arrives. */
export function deliveryId(eventId: string, target: string): string {
  return idOf('whd', eventId, target);
}

/** The `webhook-id` of an event at an endpoint: another one at each endpoint, the same on every attempt. */
export function endpointEventId(eventId: string, endpointId: string): string {
  return idOf('evt', eventId, endpointId);
}
