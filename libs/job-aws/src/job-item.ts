import * as z from 'zod';
import type { JobInput, JobRecord } from '@afterimage/job-schemas';
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

/** Parts of an input that clients shape as they like. */
const FREE_PARTS = ['workflow', 'raw'] as const;

/**
 * JSON of any shape is stored as text: the table's numbers have 38 digits and end at 1e126, its maps 32 levels. With a
 * body of 64 KiB the item stays under the table's 400 KB.
 */
export function toStoredInput(input: JobInput): Record<string, unknown> {
  const stored: Record<string, unknown> = { ...input };
  for (const part of FREE_PARTS) {
    if (part in stored) stored[part] = JSON.stringify(stored[part]);
  }
  return stored;
}

const storedInputSchema = z.record(z.string(), z.unknown());

function fromStoredInput(input: unknown): Record<string, unknown> {
  const read = storedInputSchema.parse(input);
  for (const part of FREE_PARTS) {
    const text = read[part];
    if (typeof text === 'string') read[part] = JSON.parse(text);
  }
  return read;
}

/**
 * The item of a new job. A change of status must write the `byTenantStatus` key, which contains the tenant, and an
 * update expression cannot join strings: so every value that the key can take is on the item, for the update to copy.
 */
export function toJobItem(job: JobRecord): Record<string, unknown> {
  const { dueAt, batchId, ...attributes } = job;
  return {
    ...attributes,
    ...(batchId === null ? {} : { batchId }),
    input: toStoredInput(job.input),
    ...jobKey(job.id),
    ...dueKeys(job.id, dueAt),
    createdAtId: createdAtId(job.createdAt, job.id),
    tenantStatus: tenantStatus(job.tenantId, job.status),
    tenantStatusBy: Object.fromEntries(jobStatusSchema.options.map((each) => [each, tenantStatus(job.tenantId, each)])),
    ttl: recordTtl(job.createdAt),
  };
}

/** A job that nobody has to move on has no `dueAt` attribute, and one of no batch no `batchId`: an index key cannot be null. */
export function parseJobItem(item: Readonly<Record<string, unknown>>): JobRecord {
  return jobRecordSchema.parse({ dueAt: null, ...item, input: fromStoredInput(item['input']) });
}
