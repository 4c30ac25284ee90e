import { createServer } from 'node:http';
import { once } from 'node:events';
import { jobTraceSchema } from '@afterimage/admin-schemas';
import { XRayClient } from '@aws-sdk/client-xray';
import { aJobRecord, InMemoryJobStore } from '@afterimage/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { makeAdminRequest } from '../api/admin-request.ts';
import { makeGetJobTrace } from './get-job-trace.ts';
import { NO_TRACES, type TraceStore } from './trace-store.ts';
import { XRayTraceStore } from './xray-trace-store.ts';

const TRACE_ID = '1-5759e988-bd862e3fe1be46a994272793';
const traceparent = '00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01';
const operator = { id: 'ada', name: 'Ada', role: 'viewer' } as const;

const closings: (() => void)[] = [];
afterEach(() => closings.splice(0).forEach((close) => close()));

function documentOf(id: string, fields: object = {}): string {
  return JSON.stringify({ trace_id: TRACE_ID, id, name: 'gpu-worker', start_time: 1, end_time: 3, ...fields });
}

/** X-Ray, with a trace in two pages. */
async function anXRay(pages: readonly (readonly string[])[]): Promise<TraceStore> {
  const asked: unknown[] = [];
  const server = createServer(async (request, response) => {
    asked.push(JSON.parse(Buffer.concat(await request.toArray()).toString()));
    const page = asked.length - 1;
    const Segments = (pages[page] ?? []).map((Document) => ({ Id: 'segment', Document }));
    const NextToken = page + 1 < pages.length ? `page-${page + 1}` : undefined;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ Traces: [{ Id: TRACE_ID, Segments }], NextToken }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closings.push(() => server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const endpoint = `http://127.0.0.1:${address.port}`;
  return new XRayTraceStore(new XRayClient({ endpoint, region: 'us-east-1', credentials }));
}

async function traceOf(traces: TraceStore, job = aJobRecord({ traceparent })) {
  const handle = makeGetJobTrace({ jobs: new InMemoryJobStore([job]), traces });
  const request = makeAdminRequest({ operator, params: { id: job.id }, query: {}, body: undefined });
  return jobTraceSchema.parse((await handle(request)).body);
}

describe('the trace of a job', () => {
  it('is put together from all that X-Ray has, but for what cannot be read', async () => {
    const part = { type: 'subsegment', parent_id: 'a'.repeat(16), name: 'engine', start_time: 2 };
    const traces = await anXRay([
      [documentOf('b'.repeat(16), part), 'half a docu'],
      [documentOf('a'.repeat(16)), JSON.stringify({ id: 'nonsense' })],
    ]);

    expect(await traceOf(traces)).toMatchObject({
      traceId: TRACE_ID,
      spans: [
        { name: 'gpu-worker', depth: 0, startedAtMs: 1000, endedAtMs: 3000 },
        { name: 'engine', depth: 1, service: 'gpu-worker' },
      ],
    });
  });

  it('is null where nothing is known of it', async () => {
    expect(await traceOf(NO_TRACES)).toEqual({ traceId: TRACE_ID, spans: null });
    expect(await traceOf(await anXRay([[]]))).toEqual({ traceId: TRACE_ID, spans: null });
    expect(await traceOf(NO_TRACES, aJobRecord({ traceparent: null }))).toEqual({ traceId: null, spans: null });
  });
});
