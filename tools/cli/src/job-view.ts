import * as z from 'zod';
import {
  idPattern,
  isTerminal,
  jobOutputSchema,
  jobSchema,
  jobStatusSchema,
  progressSchema,
} from '@afterimage/job-schemas';

const outputViewSchema = z.looseObject({
  ...jobOutputSchema.pick({ contentType: true, bytes: true, sha256: true, seed: true }).shape,
  contentUrl: z.url(),
  // Part of a file name.
  index: z.int().min(0),
  state: z.string(),
});
export type OutputView = z.infer<typeof outputViewSchema>;

/**
 * The job as this client reads it: unknown fields are kept for `jobs get`, and values that a later API may add (a status,
 * a phase, an error code) are strings. Only what the commands use has to be there.
 */
export const jobViewSchema = z.looseObject({
  // Part of a file name.
  id: z.string().regex(idPattern('job')),
  status: z.string(),
  phase: z.string().nullable(),
  ...jobSchema.pick({ version: true, model: true }).shape,
  progress: progressSchema.loose().nullable(),
  outputs: z.array(outputViewSchema),
  error: z.looseObject({ code: z.string(), message: z.string() }).nullable(),
  createdAt: z.string(),
});
export type JobView = z.infer<typeof jobViewSchema>;

export const jobPageSchema = z.object({ data: z.array(jobViewSchema), nextCursor: z.string().nullable() });
export type JobPage = z.infer<typeof jobPageSchema>;

export const modelPageSchema = z.object({
  data: z.array(z.looseObject({ id: z.string(), tasks: z.array(z.string()) })),
});

/** Whether the job will not change any more; a status that this release does not know counts as unfinished. */
export function isFinished(job: JobView): boolean {
  const status = jobStatusSchema.safeParse(job.status);
  return status.success && isTerminal(status.data);
}
