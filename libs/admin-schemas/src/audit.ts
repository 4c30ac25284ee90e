import * as z from 'zod';
import { pageOf, pageQuerySchema } from './page.ts';
import { roleSchema } from './roles.ts';

export const operatorSchema = z.object({ id: z.string(), name: z.string(), role: roleSchema });
/** Who is signed in. `id` is the subject of the identity provider. */
export type Operator = z.infer<typeof operatorSchema>;

/**
 * One act of an operator. It is written when it begins, and again when it is over. One that shows as `begun` for long ended
 * without a word, and what it did has to be looked up.
 */
export const auditEntrySchema = z.object({
  id: z.string(),
  at: z.iso.datetime({ precision: 3 }),
  operator: operatorSchema,
  /** As in the table of routes: `job.cancel`. */
  action: z.string(),
  /** What it was done to, such as the id of a job. */
  target: z.string(),
  reason: z.string(),
  outcome: z.enum(['begun', 'done', 'refused', 'failed']),
  /** How many things it was done to; null until it is over. */
  count: z.int().nullable(),
  /** What was before and after it, where that is more than its coming or going; never a secret. */
  before: z.unknown(),
  after: z.unknown(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

export const auditQuerySchema = pageQuerySchema.extend({
  action: z.string().optional(),
  operator: z.string().optional(),
  target: z.string().optional(),
});
export type AuditQuery = z.infer<typeof auditQuerySchema>;

export const auditPageSchema = pageOf(auditEntrySchema);
export type AuditPage = z.infer<typeof auditPageSchema>;
