import * as z from 'zod';

/** One worker, by what it last told of itself. */
export const workerSchema = z.object({
  id: z.string(),
  pool: z.string(),
  engine: z.string(),
  state: z.string(),
  /** The model in the engine's memory. */
  model: z.string().nullable(),
  jobId: z.string().nullable(),
  leaseAgeSeconds: z.number().nullable(),
  /** Its Spot machine is about to be taken back. */
  hasSpotNotice: z.boolean(),
  isDraining: z.boolean(),
  startedAt: z.string(),
  seenAt: z.string(),
});
export type WorkerView = z.infer<typeof workerSchema>;

export const workersSchema = z.object({ at: z.string(), data: z.array(workerSchema) });
export type Workers = z.infer<typeof workersSchema>;
