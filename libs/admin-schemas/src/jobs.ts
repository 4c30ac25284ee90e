import {
  createJobSchema,
  idPattern,
  jobSchema,
  jobStatusSchema,
  retryJobSchema,
  timelineEntrySchema,
} from '@afterimage/job-schemas';
import * as z from 'zod';
import { actSchema } from './acts.ts';
import { pageOf, pageQuerySchema } from './page.ts';

/** A job as operators see it: what its client sees, whose it is, and who works on it. */
export const adminJobSchema = jobSchema.extend({
  tenantId: z.string(),
  attempt: z.int(),
  failures: z.int(),
  losses: z.int(),
  /** Name of the worker that has it. */
  leaseOwner: z.string().nullable(),
  /** By when somebody must have moved it on. */
  dueAt: z.string().nullable(),
  startDeadlineAt: z.string(),
  erasedAt: z.string().nullable(),
  isPublished: z.boolean(),
  isAnnounced: z.boolean(),
});
export type AdminJob = z.infer<typeof adminJobSchema>;

const jobId = z.string().regex(idPattern('job'));
const time = z.iso.datetime({ offset: true });

/** Filters of the list of jobs; the same names stand in the page's address. */
export const adminJobQuerySchema = pageQuerySchema.extend({
  tenantId: z.string().optional(),
  status: jobStatusSchema.optional(),
  model: z.string().optional(),
  pool: z.string().optional(),
  createdAfter: time.optional(),
  createdBefore: time.optional(),
});
export type AdminJobQuery = z.infer<typeof adminJobQuerySchema>;

export const adminJobPageSchema = pageOf(adminJobSchema);
export type AdminJobPage = z.infer<typeof adminJobPageSchema>;

/** Body of `GET /jobs/:id`. `defaults` holds the fields of the input that are as the model's schema has them by default. */
export const adminJobDetailSchema = z.object({
  job: adminJobSchema,
  defaults: z.record(z.string(), z.unknown()),
  timeline: z.array(timelineEntrySchema),
});
export type AdminJobDetail = z.infer<typeof adminJobDetailSchema>;

/** Body of a retry by an operator. */
export const adminRetrySchema = actSchema.extend({ overrides: retryJobSchema.optional() });

/** Acts on the jobs that were selected, one after the other. */
export const bulkActSchema = actSchema.extend({
  action: z.enum(['cancel', 'retry', 'erase']),
  ids: z.array(jobId).min(1).max(100),
});
export type BulkAct = z.infer<typeof bulkActSchema>;

/** A job that an operator submits for a tenant, from the playground or as a changed copy of another. */
export const submitForTenantSchema = actSchema.extend({ tenantId: z.string().min(1), job: createJobSchema });

/** One picture of the gallery. */
export const galleryItemSchema = z.object({
  jobId: z.string(),
  tenantId: z.string(),
  model: z.string(),
  createdAt: z.string(),
  prompt: z.string().nullable(),
  output: jobSchema.shape.outputs.element,
});
export type GalleryItem = z.infer<typeof galleryItemSchema>;

export const galleryQuerySchema = pageQuerySchema.extend({
  tenantId: z.string().optional(),
  model: z.string().optional(),
});
export const galleryPageSchema = pageOf(galleryItemSchema);
export type GalleryPage = z.infer<typeof galleryPageSchema>;
