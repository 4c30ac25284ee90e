import { SqsSchema } from '@aws-lambda-powertools/parser/schemas/sqs';
import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createSqsClient } from '@afterimage/job-aws';
import { deferred } from '@afterimage/testing';
import { clientOptions, endpointsOf } from '../src/aws.ts';
import { startMemoryEmulators } from '../src/emulators/memory.ts';
import {
  ensureQueueWithDeadLetters,
  MAX_RECEIVE_COUNT,
  type QueueWithDeadLetters,
} from '../src/provision/messaging.ts';
import { startSqsTrigger, type SqsTriggerOptions } from '../src/triggers/sqs-trigger.ts';
import { aFunction } from './bundles.ts';

type Invoke = SqsTriggerOptions['invoke'];

interface Fixture {
  readonly sqs: SQSClient;
  readonly queue: QueueWithDeadLetters;
}

async function aQueue(visibilitySeconds: number): Promise<Fixture> {
  const emulators = await startMemoryEmulators();
  onTestFinished(emulators.stop);
  const endpoint = endpointsOf(emulators).sqs;
  const sqs = createSqsClient(clientOptions(endpoint));
  return { sqs, queue: await ensureQueueWithDeadLetters(sqs, endpoint, 'notifications', visibilitySeconds) };
}

function aTrigger(
  { sqs, queue }: Fixture,
  invoke: SqsTriggerOptions['invoke'],
  overrides: Partial<SqsTriggerOptions> = {},
) {
  const report = vi.fn<(message: string) => void>();
  const base = { sqs, queueUrl: queue.url, queueArn: queue.arn, batchSize: 10, maxConcurrency: 2, invoke, report };
  const trigger = startSqsTrigger({ ...base, ...overrides });
  onTestFinished(trigger.stop);
  return { trigger, report };
}

async function send({ sqs, queue }: Fixture, ...bodies: readonly string[]): Promise<void> {
  const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
  await sqs.send(new SendMessageBatchCommand({ QueueUrl: queue.url, Entries }));
}

/** Messages in the queue: those that can be received, and those in flight. */
async function depth({ sqs }: Fixture, QueueUrl: string): Promise<readonly [visible: number, inFlight: number]> {
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
  );
  return [Number(Attributes?.[AttributeNames[0]]), Number(Attributes?.[AttributeNames[1]])];
}

function bodiesOf(event: unknown): string[] {
  return (event as SQSEvent).Records.map(({ body }) => body);
}

describe('the SQS trigger', () => {
  it('invokes with a batch, and deletes it after success', async () => {
    const fixture = await aQueue(60);
    await send(fixture, 'a', 'b', 'c');
    const invoke = vi.fn<Invoke>(async () => ({ batchItemFailures: [] }));

    aTrigger(fixture, invoke);

    await vi.waitFor(async () => expect(await depth(fixture, fixture.queue.url)).toEqual([0, 0]));
    expect(invoke).toHaveBeenCalledTimes(1);
    const [[event]] = invoke.mock.calls as unknown as [[unknown]];
    expect(() => SqsSchema.parse(event)).not.toThrow();
    expect(bodiesOf(event)).toEqual(['a', 'b', 'c']);
  });

  it('deletes what succeeded and leaves what is reported as failed', async () => {
    const fixture = await aQueue(60);
    await send(fixture, 'good', 'bad', 'fine');

    aTrigger(fixture, async (event) => ({
      batchItemFailures: (event as SQSEvent).Records.filter(({ body }) => body === 'bad').map(({ messageId }) => ({
        itemIdentifier: messageId,
      })),
    }));

    await vi.waitFor(async () => expect(await depth(fixture, fixture.queue.url)).toEqual([0, 1]));
  });

  it.each([
    ['fails', () => Promise.reject(new Error('no'))],
    ['reports an unknown identifier', async () => ({ batchItemFailures: [{ itemIdentifier: 'unknown' }] })],
  ])('leaves the whole batch when the function %s', async (_what, answer) => {
    const fixture = await aQueue(60);
    const answered = deferred<void>();
    await send(fixture, 'a', 'b');

    const { trigger } = aTrigger(fixture, () => answer().finally(answered.resolve));
    await answered.promise;
    await trigger.stop();

    expect(await depth(fixture, fixture.queue.url)).toEqual([0, 2]);
  });

  it('moves a poison message to the dead-letter queue, and goes on with the others', async () => {
    const fixture = await aQueue(0);
    const lambda = aFunction(`exports.handler = async ({ Records }) => ({
      batchItemFailures: Records.filter(({ body }) => body === 'poison').map((each) => ({ itemIdentifier: each.messageId })),
    });`);
    const invoke = vi.fn<Invoke>((event: unknown) => lambda.invoke(event));
    await send(fixture, ...Array.from({ length: 9 }, (_, index) => `job ${index}`), 'poison');

    aTrigger(fixture, invoke);

    const dead = await vi.waitFor(async () => {
      const { Messages } = await fixture.sqs.send(
        new ReceiveMessageCommand({ QueueUrl: fixture.queue.deadLetters.url }),
      );
      expect(Messages).toHaveLength(1);
      return Messages?.[0]?.Body;
    });
    expect(dead).toBe('poison');
    expect(await depth(fixture, fixture.queue.url)).toEqual([0, 0]);
    const tries = invoke.mock.calls.filter(([event]) => bodiesOf(event).includes('poison'));
    expect(tries).toHaveLength(MAX_RECEIVE_COUNT);
  });

  it('runs no more invocations than it may, and receives nothing that it has no room for', async () => {
    const fixture = await aQueue(60);
    await send(fixture, 'a', 'b', 'c');
    const release = deferred<void>();
    const invoke = vi.fn<Invoke>(() => release.promise);

    aTrigger(fixture, invoke, { batchSize: 1, maxConcurrency: 2 });
    await vi.waitFor(() => expect(invoke).toHaveBeenCalledTimes(2));

    expect(await depth(fixture, fixture.queue.url)).toEqual([1, 2]);
    release.resolve();
    await vi.waitFor(async () => expect(await depth(fixture, fixture.queue.url)).toEqual([0, 0]));
  });

  it('ends its long poll at once, and waits for the invocation that runs', async () => {
    const fixture = await aQueue(60);
    const [started, release] = [deferred<void>(), deferred<void>()];
    await send(fixture, 'a');
    const { trigger } = aTrigger(fixture, async () => {
      started.resolve();
      await release.promise;
    });
    await started.promise;
    const startedAt = performance.now();

    const stopped = trigger.stop();
    release.resolve();
    await stopped;

    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect(await depth(fixture, fixture.queue.url)).toEqual([0, 0]);
  });

  it('reports a queue that cannot be reached once, and backs off', async () => {
    const { sqs, queue } = await aQueue(60);
    const queueUrl = queue.url.replace('notifications', 'gone');

    const { trigger, report } = aTrigger({ sqs, queue }, async () => null, { queueUrl });
    await vi.waitFor(() => expect(report).toHaveBeenCalledTimes(1));
    await trigger.stop();

    expect(report.mock.calls).toEqual([[expect.stringContaining('cannot receive from')]]);
  });
});
