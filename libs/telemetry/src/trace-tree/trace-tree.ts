import type { SegmentDocument, SegmentPart } from './segment-document.ts';

type Value = string | number | boolean;

/** One segment or subsegment, in its place. */
export interface TraceSpan {
  readonly id: string;
  /** Null for what the trace begins with, as far as it is known. */
  readonly parentId: string | null;
  /** Steps from the beginning. */
  readonly depth: number;
  readonly name: string;
  /** The service whose part it is. */
  readonly service: string;
  /** Type of the AWS resource, where one made it: `AWS::Lambda::Function`. */
  readonly origin: string | null;
  /** Milliseconds since 1970, with fractions. */
  readonly startedAtMs: number;
  /** Null while it runs, and for one whose end was never told. */
  readonly endedAtMs: number | null;
  readonly isFault: boolean;
  readonly attributes: Readonly<Record<string, Value>>;
  /** Spans that it comes of without being a part of them: the attempt before. */
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
}

/** A trace as a list: each span behind its parent, those of one parent in the order in which they began. */
export interface TraceTree {
  readonly traceId: string;
  readonly spans: readonly TraceSpan[];
}

type Flat = Omit<TraceSpan, 'depth' | 'service'> & { readonly isSegment: boolean; readonly order: number };

const MS = 1000;

function isValue(value: unknown): value is Value {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function attributesOf({ annotations, metadata }: SegmentPart): Record<string, Value> {
  const others = Object.entries(metadata?.default ?? {}).filter((entry): entry is [string, Value] => isValue(entry[1]));
  return { ...Object.fromEntries(others), ...annotations };
}

function* flatten(part: SegmentPart, parentId: string | null, isSegment: boolean): Generator<Omit<Flat, 'order'>> {
  const { id, name, aws, fault, links = [] } = part;
  yield {
    id,
    parentId,
    isSegment,
    name: aws?.operation === undefined ? name : `${name} ${aws.operation}`,
    origin: part.origin ?? (part.namespace === 'aws' ? `AWS::${name}` : null),
    startedAtMs: part.start_time * MS,
    endedAtMs: part.end_time === undefined ? null : part.end_time * MS,
    isFault: fault === true,
    attributes: attributesOf(part),
    links: links.map((link) => ({ traceId: link.trace_id, spanId: link.id })),
  };
  for (const inner of part.subsegments ?? []) yield* flatten(inner, id, false);
}

/** Each once: one that was told of while it ran, and again at its end, as it was in the end. */
function latest(documents: readonly SegmentDocument[]): Flat[] {
  const byId = new Map<string, Flat>();
  for (const document of documents) {
    const isSegment = document.type === undefined;
    for (const span of flatten(document, document.parent_id ?? null, isSegment)) {
      const known = byId.get(span.id);
      if (known === undefined || known.endedAtMs === null) byId.set(span.id, { ...span, order: byId.size });
    }
  }
  return [...byId.values()];
}

/** Puts the documents of one trace together. */
export function traceTree(traceId: string, documents: readonly SegmentDocument[]): TraceTree {
  const flat = latest(documents).sort((a, b) => a.startedAtMs - b.startedAtMs || a.order - b.order);
  const known = new Set(flat.map(({ id }) => id));
  const children = Map.groupBy(flat, ({ parentId }) => (parentId !== null && known.has(parentId) ? parentId : null));
  const spans: TraceSpan[] = [];

  function add(parentId: string | null, depth: number, parentService: string | undefined): void {
    for (const { isSegment, order: _order, ...span } of children.get(parentId) ?? []) {
      const service = isSegment ? span.name : (parentService ?? span.name);
      spans.push({ ...span, depth, service });
      add(span.id, depth + 1, service);
    }
  }

  add(null, 0, undefined);
  return { traceId, spans };
}

/** Spans whose parent is not in the trace, but for the first: parts that stand alone. */
export function orphansOf({ spans }: TraceTree): readonly TraceSpan[] {
  return spans.filter(({ depth }, index) => depth === 0 && index > 0);
}
