import * as z from 'zod';
import { jobOutputSchema, jobPhaseSchema, jobSchema, jobStatusSchema, progressSchema } from './job.ts';

/**
 * Where a reader of a job's events is: how many of them it has, and which progress it saw last. `7`, or `7.1f0c2b9d`.
 * Progress is not counted, because only the latest is kept; the tag tells whether it is one that the reader has.
 */
export const EVENT_ID = /^(0|[1-9]\d{0,8})(?:\.([0-9a-f]{8}))?$/;

const common = {
  /** Resumes after this event, as `Last-Event-ID`. */
  id: z.string().regex(EVENT_ID),
  /** When it happened; for a snapshot and for progress, when the API looked. */
  at: z.iso.datetime({ precision: 3 }),
};

export const snapshotEventSchema = z.object({ ...common, type: z.literal('snapshot'), job: jobSchema });
export const statusEventSchema = z.object({
  ...common,
  type: z.literal('status'),
  status: jobStatusSchema,
  phase: jobPhaseSchema.nullable(),
  attempt: z.int(),
  /** Why the attempt or the job ended, where the status does not say it. */
  reason: z.string().nullable(),
});
export const progressEventSchema = z.object({ ...common, type: z.literal('progress'), progress: progressSchema });
export const outputEventSchema = z.object({ ...common, type: z.literal('output'), output: jobOutputSchema });
export const endEventSchema = z.object({ ...common, type: z.literal('end'), job: jobSchema });

/** What `GET /v1/jobs/{id}/events` tells of a job: as JSON, or as the data of a server-sent event of the same type. */
export const timelineEventSchema = z.discriminatedUnion('type', [
  snapshotEventSchema,
  statusEventSchema,
  progressEventSchema,
  outputEventSchema,
  endEventSchema,
]);
export type TimelineEvent = z.infer<typeof timelineEventSchema>;

/** The body of `GET /v1/jobs/{id}/events` as JSON: the whole timeline, without snapshots. */
export const jobTimelineSchema = z.object({ data: z.array(timelineEventSchema), nextCursor: z.null() });
