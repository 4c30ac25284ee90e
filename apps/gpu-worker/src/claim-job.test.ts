import { after, DependencyUnavailableError, endAttempt, expire } from '@afterimage/job-core';
import { aJobMessage, aJobRecord } from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import { aBench } from '../test/support/bench.ts';
import { fates, isClaim, withFates } from '../test/support/faulty.ts';
import { makeClaimJob } from './claim-job.ts';

describe('claimJob', () => {
  it('takes a queued job with a token of its own', async () => {
    const bench = aBench();

    const result = await makeClaimJob(bench.ports())(aJobMessage(bench.job), 1);

    expect(result).toMatchObject({
      claimed: { token: 'token-1', job: { status: 'running', token: 'token-1', leaseOwner: 'worker-1' } },
    });
  });

  it('lets one of many have the job, whatever the number of copies of the message', async () => {
    const bench = aBench();
    const claimJob = makeClaimJob(bench.ports());

    const results = await Promise.all(Array.from({ length: 20 }, () => claimJob(aJobMessage(bench.job), 1)));

    expect(results.filter((result) => 'claimed' in result)).toHaveLength(1);
    expect(results.filter((result) => 'outcome' in result && result.outcome.kind === 'stale')).toHaveLength(19);
  });

  it('has the job when the claim got through and the second try of the client was refused', async () => {
    const bench = aBench();
    const retrying = withFates(bench.jobs, () => 'made');
    const jobs = {
      ...retrying,
      change: async (...args: Parameters<typeof retrying.change>) => {
        await retrying.change(...args);
        return await retrying.change(...args);
      },
    };

    expect(await makeClaimJob({ ...bench.ports(), jobs })(aJobMessage(bench.job), 1)).toHaveProperty('claimed');
  });

  it.each([
    [1, 5],
    [2, 15],
    [4, 135],
    [50, 900],
  ])('puts the message off while the store is away, at receive %i for %i s', async (receiveCount, afterSeconds) => {
    const bench = aBench({ store: (store) => withFates(store, fates(isClaim, 'lost')) });

    const result = await makeClaimJob(bench.ports())(aJobMessage(bench.job), receiveCount);

    expect(result).toEqual({ outcome: { kind: 'defer', afterSeconds } });
  });

  it('finds a claim check stale whose start deadline has passed', async () => {
    const bench = aBench();
    bench.clock.advance(bench.job.policy.startWithinSeconds * 1000);

    const result = await makeClaimJob(bench.ports())(aJobMessage(bench.job), 1);

    expect(result).toEqual({ outcome: { kind: 'stale', reason: 'the start deadline has passed' } });
    expect((await bench.stored()).status).toBe('queued');
  });

  it('finds a claim check stale whose job has moved on', async () => {
    const bench = aBench();
    const claimJob = makeClaimJob(bench.ports());
    const deadline = new Date(Date.parse(bench.job.startDeadlineAt));
    await bench.jobs.change(bench.job.id, expire(deadline));

    expect(await claimJob(aJobMessage(bench.job), 1)).toEqual({
      outcome: { kind: 'stale', reason: 'the job is expired' },
    });
  });

  it('finds the claim check of an earlier attempt stale', async () => {
    const bench = aBench();
    const claimJob = makeClaimJob(bench.ports());
    await claimJob(aJobMessage(bench.job), 1);
    const error = { code: 'worker_lost', message: '', stage: 'queue', attempt: 1, retryable: true } as const;
    const end = { outcome: 'lost', reason: 'lease_lapsed', error, now: bench.clock.now() } as const;
    await bench.jobs.change(bench.job.id, endAttempt(await bench.stored(), end));

    expect(await claimJob(aJobMessage(bench.job), 2)).toEqual({
      outcome: { kind: 'stale', reason: 'the job is at attempt 2' },
    });
    expect((await bench.stored()).startDeadlineAt).toBe(after(bench.clock.now(), bench.job.policy.startWithinSeconds));
  });

  it('finds the claim check of an erased job stale', async () => {
    const bench = aBench();

    const result = await makeClaimJob(bench.ports())(aJobMessage(aJobRecord()), 1);

    expect(result).toMatchObject({ outcome: { kind: 'stale' } });
  });

  it('does not delete a claim check of an attempt that is yet to come', async () => {
    const bench = aBench();

    const result = await makeClaimJob(bench.ports())({ ...aJobMessage(bench.job), attempt: 2 }, 1);

    expect(result).toMatchObject({ outcome: { kind: 'poison' } });
  });
});

describe('a tenant that has as many jobs running as it may', () => {
  it('has its job put off, which is not claimed', async () => {
    const bench = aBench();
    const claimCheck = aJobMessage(bench.job);

    const runningPlaces = { take: async () => undefined, free: () => undefined };

    const result = await makeClaimJob({ ...bench.ports(), runningPlaces })(claimCheck, 1);

    expect(result).toEqual({ outcome: { kind: 'postpone', claimCheck } });
    expect(await bench.stored()).toMatchObject({ status: 'queued', attempt: 1 });
  });

  it('is not told apart from an outage when the places cannot be counted', async () => {
    const bench = aBench();
    const take = () => Promise.reject(new DependencyUnavailableError('throttled'));

    const result = await makeClaimJob({ ...bench.ports(), runningPlaces: { take, free: () => undefined } })(
      aJobMessage(bench.job),
      1,
    );

    expect(result).toMatchObject({ outcome: { kind: 'defer' } });
  });
});
