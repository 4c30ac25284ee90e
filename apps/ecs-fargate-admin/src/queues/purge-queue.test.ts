import { DependencyUnavailableError } from '@afterimage/job-core';
import type { JobRecord } from '@afterimage/job-schemas';
import { aJobMessage, aJobRecord, FakeClock, InMemoryJobStore, recordingTelemetry } from '@afterimage/testing';
import { expect, it, vi } from 'vitest';
import type { HeldMessage } from './operator-queues.ts';
import { makePurgeQueue, type PurgeQueuePorts } from './purge-queue.ts';

const URL = 'https://sqs/local-batch';

function aMessage(messageId: string, body: unknown): HeldMessage {
  return {
    messageId,
    receiptHandle: messageId,
    body: JSON.stringify(body),
    sentAt: null,
    receiveCount: 1,
    attributes: {},
    groupId: null,
  };
}

/** A queue that hands out one message at a time, over and over until it is deleted. */
function setUp(jobs: readonly JobRecord[], messages: readonly HeldMessage[], changes: Partial<PurgeQueuePorts> = {}) {
  const clock = new FakeClock();
  const { log, lines } = recordingTelemetry();
  const left = [...messages];
  const queues = {
    hold: vi.fn<PurgeQueuePorts['queues']['hold']>(async () => left.slice(0, 1)),
    release: vi.fn<PurgeQueuePorts['queues']['release']>(async (_url, released) => {
      for (const message of released) left.push(...left.splice(left.indexOf(message), 1));
    }),
    delete: vi.fn<PurgeQueuePorts['queues']['delete']>(async (_url, message) => {
      left.splice(left.indexOf(message), 1);
    }),
  };
  const cancelJob = vi.fn<PurgeQueuePorts['cancelJob']>(async (_tenantId, jobId) =>
    aJobRecord({ id: jobId, status: 'canceled' }),
  );
  const store = new InMemoryJobStore(jobs);
  const purgeQueue = makePurgeQueue({ queues, jobs: store, cancelJob, now: clock.now, log, ...changes });
  return { clock, lines, left, queues, cancelJob, purgeQueue };
}

it('takes no more messages than were confirmed', async () => {
  const jobs = [aJobRecord(), aJobRecord(), aJobRecord()];
  const { left, cancelJob, purgeQueue } = setUp(
    jobs,
    jobs.map((job) => aMessage(job.id, aJobMessage(job))),
  );

  expect(await purgeQueue(URL, 2)).toEqual({ purged: 2, canceled: 2 });

  expect(cancelJob.mock.calls).toEqual(jobs.slice(0, 2).map(({ id, tenantId }) => [tenantId, id]));
  expect(left).toHaveLength(1);
});

it('leaves what it cannot read, and what it could not cancel, where it is', async () => {
  const job = aJobRecord();
  const messages = [aMessage('broken', { secret: 1 }), aMessage('unlucky', aJobMessage(job))];
  const cancelJob = () => Promise.reject(new DependencyUnavailableError('throttled'));
  const { left, lines, queues, purgeQueue } = setUp([job], messages, { cancelJob });

  expect(await purgeQueue(URL, 10)).toEqual({ purged: 0, canceled: 0 });

  expect(left).toHaveLength(2);
  expect(queues.delete).not.toHaveBeenCalled();
  expect(lines.map(({ message }) => message)).toEqual(['message not purged']);
});

it('ends after 20 seconds', async () => {
  const jobs = [aJobRecord(), aJobRecord()];
  const messages = jobs.map((job) => aMessage(job.id, aJobMessage(job)));
  const slow = setUp(jobs, messages, {
    cancelJob: async (_tenantId, jobId) => {
      slow.clock.advance(20_000);
      return aJobRecord({ id: jobId, status: 'canceled' });
    },
  });

  expect(await slow.purgeQueue(URL, 10)).toEqual({ purged: 1, canceled: 1 });
});
