import { DependencyUnavailableError } from '@afterimage/job-core';
import type { Notification } from '@afterimage/job-schemas';
import { aJobEvent, aJobRecord, anId } from '@afterimage/testing';
import { type FakeEventBridge, startFakeEventBridge } from '@afterimage/testing/fake-event-bridge';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createEventBridgeClient, makePutOnBus } from '../src/event-bridge.ts';

const event = aJobEvent(aJobRecord({ status: 'succeeded', metadata: { title: 'très joli 🦊' } }));

let bus: FakeEventBridge;
let client: ReturnType<typeof createEventBridgeClient>;
let putOnBus: (notification: Notification) => Promise<void>;

beforeEach(async () => {
  bus = await startFakeEventBridge();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = createEventBridgeClient({ endpoint: bus.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  putOnBus = makePutOnBus({ client, name: 'jobs' });
});
afterEach(async () => {
  client.destroy();
  await bus.stop();
});

it('puts the CloudEvent on the bus, with what the patterns of rules look at', async () => {
  await putOnBus(event);

  const [entry] = bus.entries;
  expect(bus.entries).toEqual([
    {
      EventBusName: 'jobs',
      Source: 'afterimage',
      DetailType: 'job.succeeded',
      Time: Date.parse(event.time) / 1000,
      Resources: [event.subject],
      Detail: expect.any(String),
    },
  ]);
  expect(JSON.parse(entry?.Detail ?? '')).toEqual(event);
});

it('rejects when the bus refuses the entry in an answer of 200, and puts the event when it comes back', async () => {
  const entry = { ErrorCode: 'ThrottlingException', ErrorMessage: 'Rate exceeded' };
  bus.faults.push({ status: 200, body: { FailedEntryCount: 1, Entries: [entry] } });

  await expect(putOnBus(event)).rejects.toThrow(/refused an event: ThrottlingException/);
  expect(bus.entries).toEqual([]);
  await putOnBus(event);

  expect(bus.entries.map(({ DetailType }) => DetailType)).toEqual(['job.succeeded']);
});

it('tells an outage of the bus as one', async () => {
  bus.faults.push({ status: 503, body: { __type: 'ServiceUnavailable' } });

  await expect(putOnBus(event)).rejects.toThrow(DependencyUnavailableError);
});

it('leaves out what is no event', async () => {
  await putOnBus({ deliveryId: anId('whd'), attempt: 1 });

  expect(bus.entries).toEqual([]);
});
