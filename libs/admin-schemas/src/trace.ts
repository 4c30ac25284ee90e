import * as z from 'zod';

/** One segment or subsegment of a trace, in its place. */
export const traceSpanSchema = z.object({
  id: z.string(),
  parentId: z.string().nullable(),
  /** Steps from the beginning of the trace. */
  depth: z.int().min(0),
  name: z.string(),
  service: z.string(),
  /** Type of the AWS resource that made it. */
  origin: z.string().nullable(),
  /** Milliseconds since 1970, with fractions. */
  startedAtMs: z.number(),
  /** Null while it runs, and for one whose end was never told. */
  endedAtMs: z.number().nullable(),
  isFault: z.boolean(),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** Spans that it comes of without being a part of them. */
  links: z.array(z.object({ traceId: z.string(), spanId: z.string() })),
});
export type AdminTraceSpan = z.infer<typeof traceSpanSchema>;

/** Body of `GET /jobs/:id/trace`: each span behind its parent. Null where nothing is known, as of a job that was not sampled. */
export const jobTraceSchema = z.object({
  traceId: z.string().nullable(),
  spans: z.array(traceSpanSchema).nullable(),
});
export type JobTrace = z.infer<typeof jobTraceSchema>;
