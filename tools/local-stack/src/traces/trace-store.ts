import { existsSync, readFileSync, writeFileSync, createWriteStream, type WriteStream } from 'node:fs';
import { type SegmentDocument, segmentDocumentSchema } from '@afterimage/telemetry/trace-tree';

export interface TraceStoreOptions {
  /** Traces that are kept; those that were added to longest ago go first. */
  readonly maxTraces: number;
  /** Documents of one trace that are kept; later ones are dropped. */
  readonly maxDocuments: number;
  /** JSON lines that outlive the process; in memory alone when left out. */
  readonly file?: string;
}

/** The latest traces, as the documents that their segments came in. */
export interface TraceStore {
  add(document: SegmentDocument): void;
  /** @param traceId in X-Ray's form */
  documents(traceId: string): readonly SegmentDocument[];
  /** From the one that was added to longest ago to the latest. */
  traceIds(): string[];
  close(): Promise<void>;
}

function readLines(file: string): SegmentDocument[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return segmentDocumentSchema.safeParse(JSON.parse(line)).data ?? [];
      } catch {
        // The last line of a process that was killed can be half a line.
        return [];
      }
    });
}

/** Opens the store with what an earlier process left in its file. */
export function openTraceStore({ maxTraces, maxDocuments, file }: TraceStoreOptions): TraceStore {
  const traces = new Map<string, SegmentDocument[]>();
  let output: WriteStream | undefined;

  function keep(document: SegmentDocument): boolean {
    const { trace_id: traceId } = document;
    const documents = traces.get(traceId) ?? [];
    if (documents.length >= maxDocuments) return false;
    documents.push(document);
    // At the end of the map's order.
    traces.delete(traceId);
    traces.set(traceId, documents);
    const [oldest] = traces.keys();
    if (traces.size > maxTraces && oldest !== undefined) traces.delete(oldest);
    return true;
  }

  if (file !== undefined) {
    for (const document of readLines(file)) keep(document);
    const kept = [...traces.values()].flat().map((document) => `${JSON.stringify(document)}\n`);
    writeFileSync(file, kept.join(''));
    output = createWriteStream(file, { flags: 'a' });
  }

  return {
    add(document) {
      if (keep(document)) output?.write(`${JSON.stringify(document)}\n`);
    },
    documents: (traceId) => traces.get(traceId) ?? [],
    traceIds: () => [...traces.keys()],
    close: () => new Promise((resolve) => (output === undefined ? resolve() : void output.end(resolve))),
  };
}
