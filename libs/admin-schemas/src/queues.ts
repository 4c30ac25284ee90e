import { prioritySchema } from '@afterimage/job-schemas';
import * as z from 'zod';

/** One queue of a pool, or the queue of notifications. */
export const queueSchema = z.object({
  name: z.string(),
  pool: z.string().nullable(),
  priority: prioritySchema.nullable(),
  visible: z.int(),
  inFlight: z.int(),
  delayed: z.int(),
  deadLetters: z.int(),
  /** Null when it is empty, or not known. */
  oldestAgeSeconds: z.number().nullable(),
  /** Messages a minute over the last five; null until known. */
  arrivedPerMinute: z.number().nullable(),
  endedPerMinute: z.number().nullable(),
  /** At the present rates; null when it does not empty, or is not known. */
  secondsToEmpty: z.number().nullable(),
  /** No worker takes from it; what comes in waits. */
  isPaused: z.boolean(),
});
export type Queue = z.infer<typeof queueSchema>;

export const queuesSchema = z.object({ at: z.string(), data: z.array(queueSchema) });
export type Queues = z.infer<typeof queuesSchema>;
