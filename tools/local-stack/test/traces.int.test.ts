import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { traceTree } from '@afterimage/telemetry/trace-tree';
import { waitFor } from '@afterimage/testing';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openTraceReceiver } from '../src/traces/trace-receiver.ts';
import { openTraceStore } from '../src/traces/trace-store.ts';

const traceId = (digit: string) => `1-5759e988-${digit.repeat(24)}`;
const spanId = (digit: string) => digit.repeat(16);

function document(trace: string, span: string) {
  return { trace_id: traceId(trace), id: spanId(span), name: 'part', start_time: 1, end_time: 2 };
}

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step();
});

async function aReceiver() {
  const receiver = await openTraceReceiver();
  cleanUp.push(receiver.stop);
  return receiver;
}

const post = (url: string, body: unknown) =>
  fetch(url, { method: 'POST', body: JSON.stringify(body), signal: AbortSignal.timeout(5000) });

describe('the store of traces', () => {
  it('keeps the traces that were added to last, and of each no more than it may', () => {
    const store = openTraceStore({ maxTraces: 2, maxDocuments: 2 });
    for (const span of ['1', '2', '3']) store.add(document('a', span));
    store.add(document('b', '1'));
    store.add(document('c', '1'));

    expect(store.traceIds()).toEqual([traceId('b'), traceId('c')]);
    store.add(document('b', '2'));
    store.add(document('b', '3'));
    expect(store.traceIds()).toEqual([traceId('c'), traceId('b')]);
    expect(store.documents(traceId('b')).map(({ id }) => id)).toEqual([spanId('1'), spanId('2')]);
  });

  it('outlives its process, half a last line and all', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'traces-'));
    cleanUp.push(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'traces.jsonl');
    writeFileSync(file, `${JSON.stringify(document('a', '1'))}\n{"trace_id":"1-57`);
    const limits = { maxTraces: 2, maxDocuments: 9, file };
    const first = openTraceStore(limits);
    first.add(document('b', '1'));
    await first.close();

    const second = openTraceStore(limits);
    cleanUp.push(second.close);
    expect(second.traceIds()).toEqual([traceId('a'), traceId('b')]);
  });
});

describe('the receiver of traces', () => {
  it('takes segments as the X-Ray daemon does, and answers them as one tree', async () => {
    const receiver = await aReceiver();
    const [host = '', port = ''] = receiver.daemonAddress.split(':');
    const socket = createSocket('udp4');
    cleanUp.push(() => void socket.close());
    const child = { ...document('a', '2'), type: 'subsegment', parent_id: spanId('1') };
    for (const body of ['nonsense', JSON.stringify(document('a', '1')), JSON.stringify(child)]) {
      socket.send(`{"format":"json","version":1}\n${body}`, Number(port), host);
    }

    const tree = await waitFor(
      async () => {
        const response = await fetch(`${receiver.url}/traces/${traceId('a')}`, { signal: AbortSignal.timeout(5000) });
        const found = z.looseObject({ spans: z.array(z.unknown()).optional() }).parse(await response.json());
        return found.spans?.length === 2 ? found : undefined;
      },
      { timeoutMs: 5000, intervalMs: 20, what: 'both segments' },
    );
    expect(tree).toEqual(
      JSON.parse(JSON.stringify(traceTree(traceId('a'), [document('a', '1'), { ...child, type: 'subsegment' }]))),
    );
  });

  it('answers as BatchGetTraces of X-Ray', async () => {
    const receiver = await aReceiver();
    receiver.add(document('a', '1'));

    const response = await post(`${receiver.url}/Traces`, { TraceIds: [traceId('a'), traceId('b')] });
    expect(await response.json()).toEqual({
      Traces: [{ Id: traceId('a'), Segments: [{ Id: spanId('1'), Document: JSON.stringify(document('a', '1')) }] }],
      UnprocessedTraceIds: [],
    });
  });

  it('refuses what is no trace, and has none that it was not told of', async () => {
    const { url } = await aReceiver();
    expect((await post(`${url}/v1/traces`, { resourceSpans: 'none' })).status).toBe(400);
    expect((await fetch(`${url}/traces/${traceId('a')}`, { signal: AbortSignal.timeout(5000) })).status).toBe(404);
  });
});
