import * as z from 'zod';
import { jobStatusSchema } from './job.ts';
import { LIMITS } from './limits.ts';

const { min, max, default: defaultLimit } = LIMITS.listLimit;
const time = z.iso.datetime({ offset: true }).transform((value) => new Date(value).toISOString());

/** Query of `GET /v1/jobs`. */
export const jobListQuerySchema = z.strictObject({
  status: jobStatusSchema.optional(),
  model: z.string().min(1).optional(),
  createdAfter: time.optional(),
  createdBefore: time.optional(),
  limit: z.coerce.number().int().min(min).max(max).default(defaultLimit),
  cursor: z.string().optional(),
});
