import { jobEventSchema } from '@afterimage/job-schemas';
import { waitFor } from '@afterimage/testing';
import { type FakeEventBridge, startFakeEventBridge } from '@afterimage/testing/fake-event-bridge';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestStack, type TestStack } from '../src/stack.ts';

let bus: FakeEventBridge;
let test: TestStack;

beforeAll(async () => {
  bus = await startFakeEventBridge();
  const env = { EVENT_BUS: 'jobs', AWS_ENDPOINT_URL_EVENTBRIDGE: bus.endpoint };
  test = await startTestStack({ env: { 'result-notifier': env } });
});
afterAll(async () => {
  await test?.stop();
  await bus?.stop();
});

it('the end of a job is on the event bus, as the CloudEvent that the topic carries', async () => {
  const { id } = await test.client.submit();

  const find = () =>
    bus.entries.find(({ Resources, DetailType }) => Resources[0] === id && DetailType === 'job.succeeded');
  const entry = await waitFor(find, { timeoutMs: 30_000, what: 'the event' });

  expect(entry).toMatchObject({ EventBusName: 'jobs', Source: 'afterimage' });
  const event = jobEventSchema.parse(JSON.parse(entry.Detail));
  expect(event).toMatchObject({ subject: id, tenantid: 'local', data: { job: { id, status: 'succeeded' } } });
});
