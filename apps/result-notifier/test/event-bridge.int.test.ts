import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DependencyUnavailableError } from '@afterimage/job-core';
import { aJobEvent, aJobRecord, anId } from '@afterimage/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createEventBridgeClient, makePutOnBus } from '../src/event-bridge.ts';

interface Answer {
  readonly status: number;
  readonly body: object;
}

const TAKEN: Answer = { status: 200, body: { FailedEntryCount: 0, Entries: [{ EventId: 'e' }] } };

/** A server that answers as EventBridge does: each call with the next answer, then as if it took the event. */
async function startBus() {
  const requests: { readonly target: string; readonly body: { readonly Entries: Record<string, unknown>[] } }[] = [];
  const answers: Answer[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests.push({
        target: String(request.headers['x-amz-target']),
        body: JSON.parse(Buffer.concat(chunks).toString('utf8')),
      });
      const { status, body } = answers.shift() ?? TAKEN;
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = createEventBridgeClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  const stop = async () => {
    client.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { requests, answers, putOnBus: makePutOnBus({ client, name: 'jobs' }), stop };
}

let bus: Awaited<ReturnType<typeof startBus>>;
beforeEach(async () => {
  bus = await startBus();
});
afterEach(() => bus.stop());

const event = aJobEvent(aJobRecord({ status: 'succeeded', metadata: { title: 'très joli 🦊' } }));

it('puts the CloudEvent on the bus, with what the patterns of rules look at', async () => {
  await bus.putOnBus(event);

  const [{ target, body } = { target: '', body: { Entries: [] } }] = bus.requests;
  expect(target).toBe('AWSEvents.PutEvents');
  expect(body.Entries).toEqual([
    {
      EventBusName: 'jobs',
      Source: 'afterimage',
      DetailType: 'job.succeeded',
      Time: Date.parse(event.time) / 1000,
      Resources: [event.subject],
      Detail: expect.any(String),
    },
  ]);
  expect(JSON.parse(String(body.Entries[0]?.['Detail']))).toEqual(event);
});

it('rejects when the bus refuses the entry in an answer of 200, and takes the event when it comes back', async () => {
  const entry = { ErrorCode: 'ThrottlingException', ErrorMessage: 'Rate exceeded' };
  bus.answers.push({ status: 200, body: { FailedEntryCount: 1, Entries: [entry] } });

  await expect(bus.putOnBus(event)).rejects.toThrow(/refused an event: ThrottlingException/);
  await bus.putOnBus(event);

  expect(bus.requests.map(({ body }) => body.Entries[0]?.['Detail'])).toEqual(Array(2).fill(expect.any(String)));
});

it('tells an outage of the bus as one', async () => {
  bus.answers.push({ status: 503, body: { __type: 'ServiceUnavailable' } });

  await expect(bus.putOnBus(event)).rejects.toThrow(DependencyUnavailableError);
});

it('leaves out what is no event', async () => {
  await bus.putOnBus({ deliveryId: anId('whd'), attempt: 1 });

  expect(bus.requests).toEqual([]);
});
