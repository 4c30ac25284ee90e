import * as z from 'zod';
import { policySchema, webhookTargetSchema } from './create-job.ts';
import { idPattern } from './ids.ts';
import { legacyOriginSchema } from './legacy-task.ts';
import { jobInputSchema, outputFormatSchema, outputOptionsSchema, taskSchema } from './job-input.ts';

export const jobStatusSchema = z.enum(['queued', 'running', 'canceling', 'succeeded', 'failed', 'canceled', 'expired']);
export type JobStatus = z.infer<typeof jobStatusSchema>;

const TERMINAL: ReadonlySet<JobStatus> = new Set(['succeeded', 'failed', 'canceled', 'expired']);

export function isTerminal(status: JobStatus): boolean {
  return TERMINAL.has(status);
}

export const jobPhaseSchema = z.enum(['preparing', 'loading_model', 'inferring', 'uploading']);
export type JobPhase = z.infer<typeof jobPhaseSchema>;

export const jobErrorCodeSchema = z.enum([
  'worker_lost',
  'model_load_failed',
  'out_of_memory',
  'execution_timeout',
  'input_fetch_failed',
  'input_invalid',
  'workflow_invalid',
  'bad_output',
  'output_upload_failed',
  'engine_error',
  'internal',
]);
export type JobErrorCode = z.infer<typeof jobErrorCodeSchema>;

const time = z.iso.datetime({ precision: 3 });

export const jobErrorSchema = z.object({
  code: jobErrorCodeSchema,
  message: z.string(),
  stage: z.enum(['queue', 'preparing', 'loading_model', 'inferring', 'uploading']),
  attempt: z.int(),
  retryable: z.boolean(),
});
export type JobError = z.infer<typeof jobErrorSchema>;

/** `outcome` is null while the attempt runs; `lost` = the worker went away or gave the job back. */
export const attemptSchema = z.object({
  number: z.int(),
  outcome: z.enum(['succeeded', 'failed', 'lost', 'canceled']).nullable(),
  reason: z.string().nullable(),
  startedAt: time,
  endedAt: time.nullable(),
});
export type Attempt = z.infer<typeof attemptSchema>;

export const progressSchema = z.object({
  fraction: z.number().min(0).max(1),
  step: z.int(),
  steps: z.int(),
  image: z.int(),
  images: z.int(),
  etaSeconds: z.number().nullable(),
  /** Signed and short-lived: a small picture of the image being made, as it is now. Null while there is none. */
  previewUrl: z.string().nullable(),
});
export type Progress = z.infer<typeof progressSchema>;

/** Progress as the table holds it: the URL of its preview is signed for whoever asks, and is null here. */
export const storedProgressSchema = progressSchema.extend({
  /** Of the preview in the outputs bucket, which is overwritten while the attempt runs; absent before the first one. */
  previewKey: z.string().optional(),
});
export type StoredProgress = z.infer<typeof storedProgressSchema>;

/**
 * What one change of a job changed; what it left as it was is absent. `reason` is why an attempt or the job ended, where
 * there is more to say than the status does.
 */
export const timelineEntrySchema = z.object({
  at: time,
  status: jobStatusSchema.optional(),
  phase: jobPhaseSchema.nullable().optional(),
  attempt: z.int().optional(),
  reason: z.string().optional(),
});
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

/** Milliseconds; null until known. */
export const timingsSchema = z.object({
  queuedMs: z.int().nullable(),
  modelLoadMs: z.int().nullable(),
  inferenceMs: z.int().nullable(),
  uploadMs: z.int().nullable(),
});
export type Timings = z.infer<typeof timingsSchema>;

/** A file in the outputs bucket. `key` contains the attempt, so no two attempts write the same object. */
export const storedOutputSchema = z.object({
  index: z.int(),
  key: z.string(),
  contentType: z.string(),
  width: z.int(),
  height: z.int(),
  bytes: z.int(),
  sha256: z.string(),
  /** Null where the engine draws its own, as in a workflow. */
  seed: z.int().nullable(),
  /** A small WebP, when the job asked for one. */
  thumbnailKey: z.string().nullable(),
});
export type StoredOutput = z.infer<typeof storedOutputSchema>;

/**
 * The job item as the table holds it. `attempt` counts from 1 and belongs to the claim that may come next or that runs.
 * `failures` counts attempts that failed by themselves; `losses` those whose worker went away.
 */
export const jobRecordSchema = z.object({
  id: z.string().regex(idPattern('job')),
  tenantId: z.string(),
  status: jobStatusSchema,
  phase: jobPhaseSchema.nullable(),
  version: z.int(),
  attempt: z.int(),
  failures: z.int(),
  losses: z.int(),
  fingerprint: z.string(),
  model: z.string(),
  pool: z.string(),
  task: taskSchema,
  input: jobInputSchema,
  output: outputOptionsSchema,
  policy: policySchema,
  webhook: webhookTargetSchema.nullable(),
  metadata: z.record(z.string(), z.string()),
  traceparent: z.string().nullable(),
  progress: storedProgressSchema.nullable(),
  outputs: z.array(storedOutputSchema),
  error: jobErrorSchema.nullable(),
  attempts: z.array(attemptSchema),
  /** Each change of status and phase, written with the change itself; empty on a tombstone. */
  timeline: z.array(timelineEntrySchema).default([]),
  timings: timingsSchema,
  /** Fencing token of the running attempt; every write of the worker carries it. */
  token: z.string().nullable(),
  leaseOwner: z.string().nullable(),
  /** Whether the claim check of the current attempt is known to be in the queue. */
  isPublished: z.boolean(),
  /** Whether the event of the terminal state is known to be published. */
  isAnnounced: z.boolean(),
  createdAt: time,
  /** By when the current attempt must have been claimed. */
  startDeadlineAt: time,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
  cancelRequestedAt: time.nullable(),
  /** When the files of the job expire. */
  expiresAt: time,
  /** The batch that the job is an item of. A retry of the job is not. */
  batchId: z.string().nullable().default(null),
  /** The job that this one repeats. */
  retryOf: z.string().nullable().default(null),
  /** What it keeps of a request in the form of the AWS guidance; null for every other job. */
  legacy: legacyOriginSchema.nullable().default(null),
  /** When its client had the inputs and outputs erased: since then the record is a tombstone. */
  erasedAt: time.nullable().default(null),
  /** By when somebody must have moved the job on; null = nobody has to. */
  dueAt: time.nullable(),
});
export type JobRecord = z.infer<typeof jobRecordSchema>;

/** One image as clients see it. `url` is signed and short-lived, `contentUrl` lives as long as the file. */
export const jobOutputSchema = z.object({
  index: z.int(),
  state: z.enum(['available', 'expired']),
  contentType: z.string(),
  width: z.int(),
  height: z.int(),
  bytes: z.int(),
  sha256: z.string(),
  seed: z.int().nullable(),
  contentUrl: z.string(),
  url: z.string().nullable(),
  urlExpiresAt: z.string().nullable(),
  thumbnailUrl: z.string().nullable(),
});

/** The job object of the API. */
export const jobSchema = z.object({
  id: z.string(),
  object: z.literal('job'),
  status: jobStatusSchema,
  phase: jobPhaseSchema.nullable(),
  version: z.int(),
  model: z.string(),
  pool: z.string(),
  task: taskSchema,
  input: jobInputSchema,
  output: outputOptionsSchema,
  policy: policySchema,
  queue: z.object({ ahead: z.int().nullable(), estimatedStartSeconds: z.number().nullable() }),
  progress: progressSchema.nullable(),
  outputs: z.array(jobOutputSchema),
  error: jobErrorSchema.nullable(),
  attempts: z.array(attemptSchema),
  timings: timingsSchema,
  createdAt: time,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
  cancelRequestedAt: time.nullable(),
  expiresAt: time,
  batchId: z.string().nullable(),
  retryOf: z.string().nullable(),
  metadata: z.record(z.string(), z.string()),
  traceId: z.string().nullable(),
  links: z.object({
    self: z.string(),
    cancel: z.string().nullable(),
    events: z.string().nullable(),
    retry: z.string().nullable(),
  }),
});
export type Job = z.infer<typeof jobSchema>;

export const jobListSchema = z.object({ data: z.array(jobSchema), nextCursor: z.string().nullable() });
export type JobList = z.infer<typeof jobListSchema>;

/** A model in the body of `GET /v1/models`. */
export const modelSchema = z.object({
  id: z.string(),
  object: z.literal('model'),
  description: z.string(),
  pool: z.string(),
  engine: z.string(),
  tasks: z.array(taskSchema),
  formats: z.array(outputFormatSchema),
  limits: z.object({ maxWidth: z.int(), maxHeight: z.int(), maxSteps: z.int(), maxImages: z.int() }),
  /** Whether a worker has it loaded, as of the last minute. */
  state: z.enum(['warm', 'cold']),
});
export type Model = z.infer<typeof modelSchema>;
/** Body of `GET /v1/models/{id}`: with the JSON Schema of `input` for each of the model's tasks. */
export const modelDetailSchema = modelSchema.extend({
  inputSchemas: z.partialRecord(taskSchema, z.record(z.string(), z.unknown())),
});
export type ModelDetail = z.infer<typeof modelDetailSchema>;
export const modelListSchema = z.object({ data: z.array(modelSchema), nextCursor: z.null() });
