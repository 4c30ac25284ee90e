import { xrayTraceId } from '@afterimage/telemetry';
import type { SegmentDocument } from '@afterimage/telemetry/trace-tree';
import * as z from 'zod';

const valueSchema = z.object({
  stringValue: z.string().optional(),
  boolValue: z.boolean().optional(),
  intValue: z.coerce.number().optional(),
  doubleValue: z.number().optional(),
});
const attributesSchema = z.array(z.object({ key: z.string(), value: valueSchema })).default([]);
const nanoseconds = z.coerce.number();

const spanSchema = z.object({
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  spanId: z.string().regex(/^[0-9a-f]{16}$/),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.int(),
  startTimeUnixNano: nanoseconds,
  endTimeUnixNano: nanoseconds,
  attributes: attributesSchema,
  links: z.array(z.object({ traceId: z.string(), spanId: z.string() })).default([]),
  status: z.object({ code: z.int().optional() }).default({}),
});
type OtlpSpan = z.infer<typeof spanSchema>;

const requestSchema = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: attributesSchema }).optional(),
      scopeSpans: z.array(z.object({ spans: z.array(spanSchema) })),
    }),
  ),
});

const SERVER = 2;
const ERROR = 2;
const NANOS = 1e9;

type Attributes = z.infer<typeof attributesSchema>;

function valuesOf(attributes: Attributes): Record<string, string | number | boolean> {
  const entries = attributes.flatMap(({ key, value }) => {
    const known = value.stringValue ?? value.boolValue ?? value.intValue ?? value.doubleValue;
    // X-Ray takes no dots in the names of annotations.
    return known === undefined ? [] : [[key.replaceAll('.', '_'), known] as const];
  });
  return Object.fromEntries(entries);
}

/** As the collector does it: a server's span, or one without a parent, is a segment with the name of the service. */
function toDocument(span: OtlpSpan, service: string): SegmentDocument {
  const { parentSpanId, links } = span;
  const isSegment = span.kind === SERVER || !parentSpanId;
  return {
    trace_id: xrayTraceId(span.traceId),
    id: span.spanId,
    ...(parentSpanId ? { parent_id: parentSpanId } : {}),
    name: isSegment ? service : span.name,
    ...(isSegment ? {} : { type: 'subsegment' }),
    start_time: span.startTimeUnixNano / NANOS,
    end_time: span.endTimeUnixNano / NANOS,
    fault: span.status.code === ERROR,
    annotations: valuesOf(span.attributes),
    links: links.map(({ traceId, spanId }) => ({ trace_id: xrayTraceId(traceId), id: spanId })),
  };
}

/** The segments of an OTLP request in JSON. @throws ZodError when it is none */
export function documentsOfOtlp(body: unknown): SegmentDocument[] {
  return requestSchema.parse(body).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(valuesOf(resource?.attributes ?? []).service_name ?? 'unknown');
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => toDocument(span, service)));
  });
}
