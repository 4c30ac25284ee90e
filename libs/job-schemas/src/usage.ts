import * as z from 'zod';
import { LIMITS } from './limits.ts';

const day = z.iso.date('must be a day like 2026-01-31');

/** Query of `GET /v1/usage`: days in UTC, both included; the last 30 days unless given. */
export const usageQuerySchema = z.strictObject({ from: day.optional(), to: day.optional() });

const amounts = {
  /** Jobs that succeeded. */
  jobs: z.int(),
  images: z.int(),
  /** Of the engine's work on them. */
  engineSeconds: z.number(),
};

/** Body of `GET /v1/usage`; a day is that of the end of the job. */
export const usageSchema = z.object({
  object: z.literal('usage'),
  from: z.iso.date(),
  to: z.iso.date(),
  data: z.array(z.object({ day: z.iso.date(), model: z.string(), ...amounts })),
  total: z.object(amounts),
});
export type Usage = z.infer<typeof usageSchema>;

const DAY_MS = 86_400_000;

/** The UTC day of a time. */
export function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}

/** The days from `from` to `to`, both included; at most `LIMITS.usageDays` of them are meant. */
export function daysBetween(from: string, to: string): string[] {
  const count = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1);
  return Array.from({ length: Math.min(count, LIMITS.usageDays + 1) }, (_, index) =>
    dayOf(new Date(Date.parse(from) + index * DAY_MS)),
  );
}
