import { aJobMessage, aJobRecord, InMemoryJobStore } from '@afterimage/testing';
import type { JobRecord } from '@afterimage/job-schemas';
import { describe, expect, it, vi } from 'vitest';
import type { JobActs } from '../jobs/job-acts.ts';
import type { OperatorQueues } from '../queues/operator-queues.ts';
import { makeQueueDirectory } from '../queues/queue-directory.ts';
import { makeExplainLetter } from './explain-letter.ts';
import { makeRedriveFrom } from './redrive-from.ts';

const url = (name: string) => `https://sqs/1/${name}`;
const directory = makeQueueDirectory({
  jobQueueUrls: [url('local-interactive'), url('local-batch')],
  notificationsQueueUrl: url('notifications'),
  deadLetterQueueUrls: [url('local-batch-dlq'), url('undelivered')],
  pools: ['local'],
});

async function setUp(job: JobRecord) {
  const jobs = new InMemoryJobStore([job]);
  const retry = vi.fn<JobActs['retry']>(async () => ({ job, before: null, after: null }));
  const send = vi.fn<OperatorQueues['send']>(async () => undefined);
  const depth = vi.fn<OperatorQueues['depth']>(async (queueUrl) => ({
    visible: 0,
    inFlight: 0,
    delayed: 0,
    deadLetterQueue: queueUrl === url('local-batch') ? 'local-batch-dlq' : null,
  }));
  const redriveFrom = makeRedriveFrom({ queues: { depth, send }, directory, jobs, retry });
  const message = {
    messageId: 'message-1',
    receiptHandle: 'handle',
    body: JSON.stringify(aJobMessage(job)),
    sentAt: null,
    receiveCount: 6,
    attributes: { traceparent: '00-1' },
    groupId: 'tenant-1',
  };
  const explain = makeExplainLetter({ jobs, deliveries: { get: async () => undefined } });
  return { retry, send, depth, message, redriveFrom, letter: await explain('local-batch-dlq', message) };
}

describe('redriving', () => {
  it.each(['failed', 'expired'] as const)('retries a job that has %s, once for each message', async (status) => {
    const job = aJobRecord({ status });
    const { retry, send, redriveFrom, letter } = await setUp(job);
    const redrive = await redriveFrom(directory.findDeadLetters('local-batch-dlq'));

    await redrive(letter);
    await redrive(letter);

    const [first, second] = retry.mock.calls;
    expect(first).toEqual([job.id, { input: {}, policy: {} }, 'dead-letter-message-1']);
    expect(second).toEqual(first);
    expect(send).not.toHaveBeenCalled();
  });

  it.each(['queued', 'running', 'succeeded', 'canceled'] as const)(
    'sends the message of a job that is %s back as it was',
    async (status) => {
      const { retry, send, message, redriveFrom, letter } = await setUp(aJobRecord({ status }));
      const redrive = await redriveFrom(directory.findDeadLetters('local-batch-dlq'));

      await redrive(letter);

      const { body, attributes, groupId } = message;
      expect(send).toHaveBeenCalledExactlyOnceWith(url('local-batch'), { body, attributes, groupId });
      expect(retry).not.toHaveBeenCalled();
    },
  );

  it('looks for the source of a queue once, and goes by the message where there is none', async () => {
    const { send, depth, redriveFrom, letter } = await setUp(aJobRecord());
    const redrive = await redriveFrom(directory.findDeadLetters('undelivered'));
    const looks = depth.mock.calls.length;

    await redrive(letter);
    await redrive(letter);

    expect(depth).toHaveBeenCalledTimes(looks);
    expect(send).toHaveBeenCalledWith(url('local-interactive'), expect.anything());
  });
});
