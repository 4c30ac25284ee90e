import { applyChange, cancel, claim, confirmAnnounced, confirmPublished, type JobChange } from '@afterimage/job-core';
import { isTerminal, type JobRecord, LIMITS } from '@afterimage/job-schemas';
import { jobRecords } from '@afterimage/testing';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { overdueStep } from './overdue-step.ts';

/** Every attempt may be published, claimed and lost; then the job ends, and that is announced. */
const MAX_STEPS = 2 * (LIMITS.lostAttempts + LIMITS.maxAttempts.max) + 4;

/** What the step does to the item, with the publication that follows it confirmed or not. */
function changeOf(job: JobRecord, now: Date): JobChange | undefined {
  const step = overdueStep(job, now);
  if ('change' in step) return step.change;
  if (step.kind === 'enqueue') return confirmPublished(job);
  return step.kind === 'announce' ? confirmAnnounced(job) : undefined;
}

/** What workers and clients may do between two runs of the reconciler. */
const meanwhile = fc.constantFrom('nothing', 'claim', 'cancel');

function act(job: JobRecord, action: string, now: Date): JobRecord {
  const claimed = { attempt: job.attempt, owner: 'worker-2', token: `token-${job.attempt}`, now, leaseSeconds: 30 };
  const change = action === 'claim' ? claim(claimed) : action === 'cancel' ? cancel(job, now) : undefined;
  return (change && applyChange(job, change)) ?? job;
}

test('overdue steps alone lead every job to an announced end, whatever workers and clients do in between', () => {
  const runs = fc.array(fc.record({ action: meanwhile, lateMs: fc.nat({ max: 86_400_000 }) }), {
    minLength: MAX_STEPS,
    maxLength: MAX_STEPS,
  });
  fc.assert(
    fc.property(jobRecords(), runs, (created, schedule) => {
      let job = created;
      for (const { action, lateMs } of schedule) {
        if (job.dueAt === null) break;
        job = act(job, action, new Date(job.dueAt));
        const now = new Date(Date.parse(job.dueAt ?? '') + lateMs);
        const change = changeOf(job, now);
        job = (change && applyChange(job, change)) ?? job;
      }

      expect(job).toMatchObject({ isAnnounced: true, dueAt: null });
      expect(isTerminal(job.status)).toBe(true);
    }),
  );
});

test('a step that is taken twice changes nothing more', () => {
  fc.assert(
    fc.property(jobRecords(), meanwhile, fc.nat({ max: 86_400_000 }), (created, action, lateMs) => {
      const before = act(created, action, new Date(created.dueAt ?? ''));
      const now = new Date(Date.parse(before.dueAt ?? '') + lateMs);
      const step = overdueStep(before, now);
      fc.pre('change' in step);

      const once = 'change' in step ? applyChange(before, step.change) : undefined;

      expect(once).toBeDefined();
      expect(once && 'change' in step && applyChange(once, step.change)).toBeUndefined();
      expect(once && overdueStep(once, now)).toEqual({ kind: 'none' });
    }),
  );
});
