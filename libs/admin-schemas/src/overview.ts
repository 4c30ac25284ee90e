import { jobStatusSchema } from '@afterimage/job-schemas';
import * as z from 'zod';

export const WINDOWS = ['1h', '24h', '7d'] as const;
export const overviewQuerySchema = z.object({ window: z.enum(WINDOWS).default('1h') });
export type OverviewWindow = z.infer<typeof overviewQuerySchema>['window'];

/** Milliseconds; null when nothing was measured. */
const percentilesSchema = z.object({ p50: z.number().nullable(), p95: z.number().nullable() });

/** One point of the charts: what ended or was created from `at` until the next point. */
export const overviewPointSchema = z.object({
  at: z.string(),
  created: z.int(),
  succeeded: z.int(),
  failed: z.int(),
  canceled: z.int(),
  expired: z.int(),
  waitMs: percentilesSchema,
  runMs: percentilesSchema,
});

export const alarmSchema = z.object({
  name: z.string(),
  state: z.enum(['ok', 'alarm', 'unknown']),
  severity: z.enum(['page', 'ticket']),
  /** What users lose while it rings. */
  meaning: z.string(),
  since: z.string().nullable(),
  /** Heading of the runbook. */
  runbook: z.string(),
});
export type Alarm = z.infer<typeof alarmSchema>;

/** Body of `GET /overview`. */
export const overviewSchema = z.object({
  window: z.enum(WINDOWS),
  at: z.string(),
  /** Jobs of the window by their present state. */
  jobsByStatus: z.record(jobStatusSchema, z.int()),
  /** Whether the counts cover every job of the window, or the newest of them that were read. */
  isComplete: z.boolean(),
  /** Of the jobs of the window that succeeded or failed; null when there is none. */
  successRate: z.number().min(0).max(1).nullable(),
  waitMs: percentilesSchema,
  runMs: percentilesSchema,
  images: z.int(),
  engineSeconds: z.number(),
  /** US dollars, from the engine's seconds and the pools' prices; null where no price is known. */
  costPerImage: z.number().nullable(),
  series: z.array(overviewPointSchema),
  alarms: z.array(alarmSchema),
});
export type Overview = z.infer<typeof overviewSchema>;
