import { describe, expect, it } from 'vitest';
import { claim } from '@afterimage/job-core';
import { aCreateJobBody } from '@afterimage/testing';
import { aBench, aCommand, problemOf } from '../test/bench.ts';

function aFullBench() {
  const bench = aBench({ quotas: { queuedJobs: 2 } });
  const submit = (idempotencyKey?: string) => bench.submitJob(aCommand(aCreateJobBody(), { idempotencyKey }));
  return { ...bench, submit };
}

describe('the queue of a tenant', () => {
  it('takes as many jobs as may wait, and says when to try again', async () => {
    const { jobs, submit } = aFullBench();
    await submit();
    await submit();

    const problem = await problemOf(submit());

    expect(problem).toMatchObject({ code: 'queue-full', retryAfterSeconds: 5 });
    expect(problem.message).toBe('at most 2 jobs may wait');
    expect(jobs.all()).toHaveLength(2);
  });

  it('has room again when its jobs have moved on, though nobody gave a place back', async () => {
    const { clock, jobs, submit } = aFullBench();
    const { job } = await submit();
    await submit();
    await problemOf(submit());
    const { now } = clock;
    await jobs.change(job.id, claim({ attempt: 1, owner: 'w', token: 't', now: now(), leaseSeconds: 30 }));

    clock.advance(5000);

    await expect(submit()).resolves.toMatchObject({ isReplay: false });
    await expect(problemOf(submit())).resolves.toMatchObject({ code: 'queue-full' });
  });

  it('is not full for ever after processes that took a place and died', async () => {
    const { clock, places, submit } = aFullBench();
    await places.take('tenant-1', 'queued', { count: 2, limit: 2, now: clock.now() });

    await expect(submit()).resolves.toMatchObject({ isReplay: false });
    clock.advance(5000);
    await expect(submit()).resolves.toMatchObject({ isReplay: false });
    expect(await problemOf(submit())).toMatchObject({ code: 'queue-full' });
  });

  it('counts a repeated request once, and answers it when it is full', async () => {
    const { places, submit } = aFullBench();
    const { job } = await submit('key-1');
    for (let i = 0; i < 3; i += 1) await submit('key-1');
    expect(await places.taken('tenant-1', 'queued')).toBe(1);
    await submit();

    await expect(submit('key-1')).resolves.toMatchObject({ isReplay: true, job: { id: job.id } });
  });

  it('does not use up the key of a request that it refuses', async () => {
    const { clock, jobs, submit } = aFullBench();
    const { job } = await submit();
    await submit();
    await problemOf(submit('key-1'));
    await jobs.change(job.id, { guard: { status: ['queued'] }, set: { status: 'canceled' }, bumpsVersion: false });
    clock.advance(5000);

    await expect(submit('key-1')).resolves.toMatchObject({ isReplay: false });
  });

  it('is no other tenant’s business', async () => {
    const { submit, submitJob } = aFullBench();
    await submit();
    await submit();

    await expect(submitJob(aCommand(aCreateJobBody(), { tenantId: 'tenant-2' }))).resolves.toBeDefined();
  });
});
