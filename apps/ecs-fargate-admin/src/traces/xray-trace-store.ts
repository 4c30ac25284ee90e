import { callAws } from '@afterimage/job-aws';
import {
  type SegmentDocument,
  segmentDocumentSchema,
  type TraceTree,
  traceTree,
} from '@afterimage/telemetry/trace-tree';
import { BatchGetTracesCommand, XRayClient } from '@aws-sdk/client-xray';
import type { TraceStore } from './trace-store.ts';

const CONNECT_MS = 2000;
const REQUEST_MS = 5000;
const MAX_ATTEMPTS = 3;
/** Of a trace with thousands of segments the first ones are shown. */
const MAX_PAGES = 10;

/** Every call ends: 2 s to connect, 5 s for the answer, three attempts. */
export function createXRayClient(): XRayClient {
  return new XRayClient({
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: REQUEST_MS, throwOnRequestTimeout: true },
  });
}

/** A segment that is not as documented leaves the others as they are. */
function readDocument(document: string | undefined): SegmentDocument[] {
  try {
    const { data } = segmentDocumentSchema.safeParse(JSON.parse(document ?? ''));
    return data === undefined ? [] : [data];
  } catch {
    return [];
  }
}

/** Traces of X-Ray. */
export class XRayTraceStore implements TraceStore {
  readonly #client: XRayClient;

  constructor(client: XRayClient) {
    this.#client = client;
  }

  async get(traceId: string): Promise<TraceTree | undefined> {
    const documents: SegmentDocument[] = [];
    let NextToken: string | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      const command = new BatchGetTracesCommand({ TraceIds: [traceId], NextToken });
      const answer = await callAws('X-Ray', () => this.#client.send(command));
      const segments = (answer.Traces ?? []).flatMap(({ Segments = [] }) => Segments);
      documents.push(...segments.flatMap(({ Document }) => readDocument(Document)));
      NextToken = answer.NextToken;
      if (NextToken === undefined) break;
    }
    return documents.length === 0 ? undefined : traceTree(traceId, documents);
  }
}
