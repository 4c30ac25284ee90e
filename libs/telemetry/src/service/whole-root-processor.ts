import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-base';

/** The spans of one root that are over. */
interface Family {
  readonly ended: ReadableSpan[];
  readonly members: string[];
}

/**
 * Hands the spans of a process on when the first of them is over, together. A process that is killed has told of none then:
 * a part without the whole that it belongs to would stand alone in the trace.
 */
export class WholeRootProcessor implements SpanProcessor {
  readonly #next: SpanProcessor;
  readonly #families = new Map<string, Family>();
  /** The root of each span that is open or waits. */
  readonly #rootOf = new Map<string, string>();

  constructor(next: SpanProcessor) {
    this.#next = next;
  }

  onStart(span: Span): void {
    const { spanId } = span.spanContext();
    const parent = span.parentSpanContext;
    const root = parent === undefined || parent.isRemote === true ? spanId : this.#rootOf.get(parent.spanId);
    if (root === undefined) return;
    if (root === spanId) this.#families.set(root, { ended: [], members: [] });
    this.#rootOf.set(spanId, root);
    this.#families.get(root)?.members.push(spanId);
  }

  onEnd(span: ReadableSpan): void {
    const { spanId } = span.spanContext();
    const root = this.#rootOf.get(spanId);
    const family = root === undefined ? undefined : this.#families.get(root);
    if (root === undefined || family === undefined) return this.#next.onEnd(span);
    family.ended.push(span);
    if (root !== spanId) return;
    this.#families.delete(root);
    for (const member of family.members) this.#rootOf.delete(member);
    for (const ended of family.ended) this.#next.onEnd(ended);
  }

  forceFlush(): Promise<void> {
    return this.#next.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#next.shutdown();
  }
}
