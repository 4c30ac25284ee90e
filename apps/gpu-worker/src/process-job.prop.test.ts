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
  jobs: 1,
  copies: 1,
  cancelAt: null,
  stallAt: null,
  drainAt: null,
};

/** What holds at the end of a play, whatever went wrong in it. */
function expectOnce(plot: Plot, { jobs, objects, events }: Awaited<ReturnType<typeof play>>): void {
  expect(jobs).toHaveLength(plot.jobs);
  for (const { job, ends } of jobs) {
    expect(isTerminal(job.status)).toBe(true);
    expect(job).toMatchObject({ isAnnounced: true, dueAt: null });
    expect(ends.size).toBe(1);
    expect(new Set(events.filter(({ subject }) => subject === job.id).map(({ id }) => id)).size).toBe(1);
    expect(job.attempts.every(({ outcome }) => outcome !== null)).toBe(true);
    expect(job.attempts.map(({ number }) => number)).toEqual(job.attempts.map((_, index) => index + 1));
    expect(job.outputs).toHaveLength(job.status === 'succeeded' ? 1 : 0);
    for (const { key, sha256 } of job.outputs) {
      expect(key).toContain(`/${job.id}/${job.attempt}/`);
      expect(objects.get(key)?.sha256).toBe(sha256);
    }
    const isPoison = job.attempts.filter(({ reason }) => reason === 'engine_lost').length === 2;
    const mayFail = plot.cancelAt !== null || job.failures >= job.policy.maxAttempts || isPoison;
    expect(mayFail || job.status === 'succeeded').toBe(true);
  }
}

describe('whatever fails when', () => {
  it('every job ends exactly once, with one set of outputs, and no message is left', async () => {
    await fc.assert(
      fc.asyncProperty(plots, async (plot) => {
        const played = await play(plot);

        expectOnce(plot, played);
        expect(played.queue.size).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  it.each(fc.sample(plots, { seed: 20260102, numRuns: 30 }).map((plot, index) => [index + 1, plot] as const))(
    'schedule %i of thirty that are always the same',
    async (_, plot) => {
      const played = await play(plot);

      expectOnce(plot, played);
      expect(played.queue.size).toBe(0);
    },
  );

  it('a job is lost to nothing but its own failures: with none, one attempt is enough', async () => {
    const { jobs, objects } = await play({ ...QUIET, copies: 4, jobs: 3 });

    expect(jobs.map(({ job }) => [job.status, job.attempt])).toEqual(Array.from({ length: 3 }, () => ['succeeded', 1]));
    expect(objects.size).toBe(3);
  });

  it('a job that is drained in mid-run is finished by the other worker', async () => {
    const { jobs } = await play({ ...QUIET, drainAt: 4 });

    expect(jobs[0]?.job).toMatchObject({ status: 'succeeded', attempt: 2, losses: 1, failures: 0 });
    expect(jobs[0]?.job.attempts[0]).toMatchObject({ outcome: 'lost', reason: 'drain' });
  });

  it('a job whose worker stalls beyond its lease is not written by it any more', async () => {
    const { jobs } = await play({ ...QUIET, stallAt: 3 });

    expect(jobs[0]?.job.status).toBe('succeeded');
    expect(jobs[0]?.job.attempts[0]).toMatchObject({ outcome: 'lost', reason: 'lease_lapsed' });
  });

  it('a job that makes two engines unusable is failed', async () => {
    const { jobs } = await play({ ...QUIET, engineFails: ['lost', 'lost'] });

    expect(jobs[0]?.job).toMatchObject({ status: 'failed', losses: 1, failures: 1 });
    expect(jobs[0]?.job.error).toMatchObject({ code: 'engine_error', retryable: false });
  });
});
