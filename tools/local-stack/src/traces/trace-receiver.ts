import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { segmentDocumentSchema, type TraceTree, traceTree } from '@afterimage/telemetry/trace-tree';
import * as z from 'zod';
import { LOOPBACK } from '../emulators/loopback.ts';
import { documentsOfOtlp } from './otlp.ts';
import { openTraceStore, type TraceStore } from './trace-store.ts';

/** What X-Ray, its daemon and the OpenTelemetry collector are on AWS. */
export interface TraceReceiver {
  /** Base URL: takes OTLP at `/v1/traces`, answers `GET /traces/{id}`, and `POST /Traces` as X-Ray's BatchGetTraces. */
  readonly url: string;
  /** `host:port` that takes segments by UDP, as the daemon. */
  readonly daemonAddress: string;
  readonly add: TraceStore['add'];
  readonly traceIds: TraceStore['traceIds'];
  /** @param traceId in X-Ray's form; undefined when nothing is known of it */
  trace(traceId: string): TraceTree | undefined;
  stop(): Promise<void>;
}

const MAX_TRACES = 1000;
const MAX_DOCUMENTS = 2000;
const MAX_BODY_BYTES = 16 * 1024 * 1024;

const batchGetSchema = z.object({ TraceIds: z.array(z.string()) });

class NoSuchTraceError extends Error {}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_BODY_BYTES) throw new RangeError(`a body may have ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk as Buffer);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

/** A datagram as X-Ray's daemon takes it: a head, a line feed, a segment. */
function readDatagram(datagram: Buffer): unknown {
  const text = datagram.toString('utf8');
  return JSON.parse(text.slice(text.indexOf('\n') + 1));
}

function batchGet(store: TraceStore, body: unknown) {
  const { TraceIds } = batchGetSchema.parse(body);
  const Traces = TraceIds.flatMap((Id) => {
    const documents = store.documents(Id);
    if (documents.length === 0) return [];
    return [{ Id, Segments: documents.map((document) => ({ Id: document.id, Document: JSON.stringify(document) })) }];
  });
  return { Traces, UnprocessedTraceIds: [] };
}

/** Opens both ports. @param file see `TraceStoreOptions.file` */
export async function openTraceReceiver(file?: string): Promise<TraceReceiver> {
  const limits = { maxTraces: MAX_TRACES, maxDocuments: MAX_DOCUMENTS };
  const store = openTraceStore({ ...limits, ...(file === undefined ? {} : { file }) });

  function trace(traceId: string): TraceTree | undefined {
    const documents = store.documents(traceId);
    return documents.length === 0 ? undefined : traceTree(traceId, documents);
  }

  async function answer(request: IncomingMessage): Promise<unknown> {
    const { method, url = '/' } = request;
    if (method === 'POST' && url === '/v1/traces') {
      for (const document of documentsOfOtlp(await readJson(request))) store.add(document);
      return {};
    }
    if (method === 'POST' && url === '/Traces') return batchGet(store, await readJson(request));
    const traceId = method === 'GET' ? /^\/traces\/([\w-]+)$/.exec(url)?.[1] : undefined;
    const found = traceId === undefined ? undefined : trace(traceId);
    if (found === undefined) throw new NoSuchTraceError(`there is nothing at ${method} ${url}`);
    return found;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('content-type', 'application/json');
    try {
      response.end(JSON.stringify(await answer(request)));
    } catch (error) {
      response.statusCode = error instanceof NoSuchTraceError ? 404 : 400;
      response.end(JSON.stringify({ message: error instanceof Error ? error.message : String(error) }));
    }
  }

  const server = createServer((request, response) => void handle(request, response));
  const socket = createSocket('udp4', (datagram) => {
    try {
      store.add(segmentDocumentSchema.parse(readDatagram(datagram)));
    } catch {
      // As the daemon: what cannot be read is dropped, and nobody can be told.
    }
  });
  server.listen(0, LOOPBACK);
  socket.bind(0, LOOPBACK);
  await Promise.all([once(server, 'listening'), once(socket, 'listening')]);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the receiver of traces has no port');
  return {
    url: `http://${LOOPBACK}:${address.port}`,
    daemonAddress: `${LOOPBACK}:${socket.address().port}`,
    add: store.add,
    traceIds: store.traceIds,
    trace,
    stop: async () => {
      const closed = [once(server, 'close'), once(socket, 'close')];
      server.close();
      server.closeAllConnections();
      socket.close();
      await Promise.all(closed);
      await store.close();
    },
  };
}
