import * as z from 'zod';

/** What the process of the waiters is asked. */
export const askSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('wait'), jobId: z.string(), tenantId: z.string(), waitSeconds: z.number() }),
  z.object({ kind: z.literal('cpu') }),
]);
export type Ask = z.infer<typeof askSchema>;

const answeredSchema = z.object({
  kind: z.literal('answered'),
  jobId: z.string(),
  status: z.int(),
  isApplied: z.boolean(),
  /** Epoch milliseconds, with fractions. */
  atMs: z.number(),
});
export type Answered = z.infer<typeof answeredSchema>;

/** What it tells. */
export const toldSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('cpu'), seconds: z.number() }),
  answeredSchema,
]);
export type Told = z.infer<typeof toldSchema>;
