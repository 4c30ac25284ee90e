import { isTerminal } from '@afterimage/job-schemas';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plot } from '../test/support/two-workers.ts';
import { play, plots } from '../test/support/two-workers.ts';

const QUIET: Plot = {
  storeFates: [],
  publishFails: [],
  uploadFails: [],
  engineFails: [],
  copies: 1,
  cancelAt: null,
  stallAt: null,
  drainAt: null,
};

describe('whatever fails when', () => {
  it('a job ends exactly once, with one set of outputs, and no message is left', async () => {
    await fc.assert(
      fc.asyncProperty(plots, async (plot) => {
        const { job, ends, objects, events, queue } = await play(plot);

        expect(isTerminal(job.status)).toBe(true);
        expect(job).toMatchObject({ isAnnounced: true, dueAt: null });
        expect(ends.size).toBe(1);
        expect(queue.size).toBe(0);
        expect(new Set(events.map(({ id }) => id)).size).toBe(1);
        expect(job.attempts.every(({ outcome }) => outcome !== null)).toBe(true);
        expect(job.attempts.map(({ number }) => number)).toEqual(job.attempts.map((_, index) => index + 1));
        expect(job.outputs).toHaveLength(job.status === 'succeeded' ? 1 : 0);
        for (const { key, sha256 } of job.outputs) {
          expect(key).toContain(`/${job.attempt}/`);
          expect(objects.get(key)?.sha256).toBe(sha256);
        }
        const mayFail = plot.cancelAt !== null || job.failures >= job.policy.maxAttempts;
        expect(mayFail || job.status === 'succeeded').toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('a job is lost to nothing but its own failures: with none, one attempt is enough', async () => {
    const { job, objects } = await play({ ...QUIET, copies: 4 });

    expect(job).toMatchObject({ status: 'succeeded', attempt: 1 });
    expect(objects.size).toBe(1);
  });

  it('a job that is drained in mid-run is finished by the other worker', async () => {
    const { job } = await play({ ...QUIET, drainAt: 4 });

    expect(job).toMatchObject({ status: 'succeeded', attempt: 2, losses: 1, failures: 0 });
    expect(job.attempts[0]).toMatchObject({ outcome: 'lost', reason: 'drain' });
  });

  it('a job whose worker stalls beyond its lease is not written by it any more', async () => {
    const { job } = await play({ ...QUIET, stallAt: 3 });

    expect(job.status).toBe('succeeded');
    expect(job.attempts[0]).toMatchObject({ outcome: 'lost', reason: 'lease_lapsed' });
  });
});
