import type { JobRecord } from '@afterimage/job-schemas';
import { jobRecordSchema, jobStatusSchema } from '@afterimage/job-schemas';
import { dueKeys, jobKey, recordTtl } from './job-table.ts';

/** Sort key of the list indexes. */
export function createdAtId(createdAt: string, id: string): string {
  return `${createdAt}#${id}`;
}

/** Partition key of the `byTenantStatus` index. */
export function tenantStatus(tenantId: string, status: string): string {
  return `${tenantId}#${status}`;
}

/**
 * The item of a new job. A change of status must write the `byTenantStatus` key, which contains the tenant, and an
 * update expression cannot join strings: so every value that the key can take is on the item, for the update to copy.
 */
export function toJobItem(job: JobRecord): Record<string, unknown> {
  const { dueAt, ...attributes } = job;
  return {
    ...attributes,
    ...jobKey(job.id),
    ...dueKeys(job.id, dueAt),
    createdAtId: createdAtId(job.createdAt, job.id),
    tenantStatus: tenantStatus(job.tenantId, job.status),
    tenantStatusBy: Object.fromEntries(jobStatusSchema.options.map((each) => [each, tenantStatus(job.tenantId, each)])),
    ttl: recordTtl(job.createdAt),
  };
}

/** A job that nobody has to move on has no `dueAt` attribute, because an index key cannot be null. */
export function parseJobItem(item: Readonly<Record<string, unknown>>): JobRecord {
  return jobRecordSchema.parse({ dueAt: null, ...item });
}
