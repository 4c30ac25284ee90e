import * as z from 'zod';
import { idPattern } from './ids.ts';
import { jobStatusSchema } from './job.ts';
import { LIMITS } from './limits.ts';

const { min, max, default: defaultLimit } = LIMITS.listLimit;

const FIRST_MS = Date.parse('0000-01-01T00:00:00.000Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** An offset can lead out of the years with four digits, whose texts alone sort as their times do. */
function toUtc(time: string): string {
  return new Date(Math.min(Math.max(Date.parse(time), FIRST_MS), LAST_MS)).toISOString();
}

/** A time in a query, in UTC. */
export const queryTimeSchema = z.iso
  .datetime({ offset: true, error: 'must be a time like 2026-01-31T12:00:00Z' })
  .transform(toUtc);

/** Query of `GET /v1/jobs`. */
export const jobListQuerySchema = z.strictObject({
  status: jobStatusSchema.optional(),
  model: z.string().min(1).optional(),
  batchId: z.string().regex(idPattern('bat'), 'must be bat_ and 26 characters').optional(),
  createdAfter: queryTimeSchema.optional(),
  createdBefore: queryTimeSchema.optional(),
  limit: z.coerce.number().int().min(min).max(max).default(defaultLimit),
  cursor: z.string().optional(),
});
