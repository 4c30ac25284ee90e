import type { JobEvent, JobMessage, JobRecord } from '@afterimage/job-schemas';
import { describe, expect, it } from 'vitest';
import { at, queuedJob } from '../../test/queued-job.ts';
import type { JobChange } from '../job-change.ts';
import { applyChange } from '../job-change.ts';
import { makeAnnounce, makeEnqueue } from './announce.ts';

/** A store of one job, and a log of what happened in which order. */
function bench(job: JobRecord) {
  const log: string[] = [];
  let stored = job;
  const refuse = () => Promise.reject(new Error('not used here'));
  const jobs = {
    create: refuse,
    get: refuse,
    list: refuse,
    async change(_: string, change: JobChange) {
      log.push('change');
      const next = applyChange(stored, change);
      stored = next ?? stored;
      return next;
    },
  };
  return { jobs, log, stored: () => stored };
}

describe('announce', () => {
  function announcing(job: JobRecord, failWith?: Error) {
    const { jobs, log, stored } = bench(job);
    const published: JobEvent[] = [];
    const events = {
      async publish(event: JobEvent) {
        log.push('publish');
        if (failWith !== undefined) throw failWith;
        published.push(event);
      },
    };
    const announce = makeAnnounce({ jobs, events, apiUrl: 'https://api.example.com', now: () => at(60) });
    return { announce: () => announce(job), log, stored, published };
  }

  const canceled = queuedJob({ status: 'canceled', finishedAt: at(1).toISOString() });

  it('publishes a terminal state, and notes it after that', async () => {
    const { announce, log, stored, published } = announcing(canceled);

    await announce();
    await announce();

    expect(log).toStrictEqual(['publish', 'change', 'publish', 'change']);
    expect(new Set(published.map(({ id }) => id)).size).toBe(1);
    expect(stored()).toMatchObject({ isAnnounced: true, dueAt: null });
  });

  it('leaves it to who writes the results of a request in the form of the guidance to note that they are there', async () => {
    const legacy = { id: 'a', prefix: 'out', tasktype: 'text-to-image', context: '{}' } as const;
    const { announce, log, stored } = announcing({ ...canceled, legacy });

    await announce();

    expect(log).toStrictEqual(['change', 'publish']);
    expect(stored()).toMatchObject({ isAnnounced: false, dueAt: at(180).toISOString() });
  });

  it('leaves the job due when publishing fails', async () => {
    const { announce, stored } = announcing(canceled, new Error('no topic'));

    await expect(announce()).rejects.toThrow('no topic');

    expect(stored()).toStrictEqual(canceled);
  });

  it('publishes the start of a job and notes nothing', async () => {
    const { announce, log } = announcing(queuedJob({ status: 'running' }));

    await announce();

    expect(log).toStrictEqual(['publish']);
  });

  it('has nothing to tell of a cancellation that is under way', async () => {
    const { announce, log } = announcing(queuedJob({ status: 'canceling' }));

    await announce();

    expect(log).toStrictEqual([]);
  });
});

describe('enqueue', () => {
  it('publishes the claim check of the current attempt with its trace, then confirms it', async () => {
    const job = queuedJob({ attempt: 2, traceparent: '00-a-b-01' });
    const { jobs, log, stored } = bench(job);
    const published: [JobMessage, string | null][] = [];
    const enqueue = makeEnqueue({
      jobs,
      publisher: {
        async publish(message, traceparent) {
          log.push('publish');
          published.push([message, traceparent]);
        },
      },
    });

    await enqueue(job);

    expect(log).toStrictEqual(['publish', 'change']);
    expect(published).toStrictEqual([
      [{ jobId: job.id, tenantId: 'tenant-1', pool: 'local', priority: 'interactive', attempt: 2 }, '00-a-b-01'],
    ]);
    expect(stored()).toMatchObject({ isPublished: true, dueAt: job.startDeadlineAt });
  });
});
