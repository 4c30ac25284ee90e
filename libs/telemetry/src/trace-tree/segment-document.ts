import * as z from 'zod';

const id = z.string().regex(/^[0-9a-f]{16}$/);
const annotation = z.union([z.string(), z.number(), z.boolean()]);

const linkSchema = z.object({ trace_id: z.string(), id: z.string() });

const partSchema = z.object({
  id,
  parent_id: id.optional(),
  name: z.string(),
  start_time: z.number(),
  end_time: z.number().optional(),
  type: z.literal('subsegment').optional(),
  origin: z.string().optional(),
  namespace: z.string().optional(),
  fault: z.boolean().optional(),
  error: z.boolean().optional(),
  annotations: z.record(z.string(), annotation).optional(),
  metadata: z.object({ default: z.record(z.string(), z.unknown()).optional() }).optional(),
  aws: z.object({ operation: z.string().optional() }).optional(),
  links: z.array(linkSchema).optional(),
  get subsegments() {
    return z.array(partSchema).optional();
  },
});

/**
 * The slice of an X-Ray segment document that a trace is drawn of
 * (https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html): a segment, or a part sent by itself.
 */
export const segmentDocumentSchema = partSchema.extend({
  trace_id: z.string().regex(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/),
});

export type SegmentPart = z.infer<typeof partSchema>;
export type SegmentDocument = z.infer<typeof segmentDocumentSchema>;
