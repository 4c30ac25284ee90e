import { createSqsClient } from '@afterimage/job-aws';
import { type EmbeddedAws, startEmbeddedAws, uniqueName } from '@afterimage/testing/embedded-aws';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SqsOperatorQueues } from '../src/queues/sqs-operator-queues.ts';

let aws: EmbeddedAws;
let queues: SqsOperatorQueues;

beforeAll(async () => {
  aws = await startEmbeddedAws();
  queues = new SqsOperatorQueues(createSqsClient(aws.options.sqs));
});
afterAll(() => aws.stop());

it('tells the depth of a queue, and where its dead letters go', async () => {
  const deadLetters = await aws.createQueue(uniqueName('dlq'));
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 5 });
  const { url } = await aws.createQueue(uniqueName('queue'), { RedrivePolicy });
  await queues.send(url, { body: 'a', attributes: {}, groupId: null });
  await queues.send(url, { body: 'b', attributes: {}, groupId: null });
  await queues.hold(url, 30);

  const depth = await queues.depth(url);

  expect(depth.visible + depth.inFlight).toBe(2);
  expect(depth).toMatchObject({ delayed: 0, deadLetterQueue: deadLetters.arn.split(':').at(-1) });
  expect((await queues.depth(deadLetters.url)).deadLetterQueue).toBeNull();
});

it('holds a message with all that it came with, until it is released or deleted', async () => {
  const { url } = await aws.createQueue(uniqueName('queue'));
  await queues.send(url, { body: 'letter', attributes: { traceparent: '00-1', pool: 'local' }, groupId: null });

  const [held] = await queues.hold(url, 30);
  expect(held).toMatchObject({
    body: 'letter',
    attributes: { traceparent: '00-1', pool: 'local' },
    receiveCount: 1,
    sentAt: expect.stringMatching(/^\d{4}-.*Z$/),
  });
  expect(await queues.hold(url, 30)).toEqual([]);

  await queues.release(url, held === undefined ? [] : [held]);
  const [again] = await queues.hold(url, 30);
  expect(again).toMatchObject({ messageId: held?.messageId, receiveCount: 2 });
  if (again !== undefined) await queues.delete(url, again);

  await queues.release(url, []);
  expect(await queues.depth(url)).toMatchObject({ visible: 0, inFlight: 0 });
});
