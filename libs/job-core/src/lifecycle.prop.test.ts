import type { JobRecord } from '@afterimage/job-schemas';
import { isTerminal, jobRecordSchema, LIMITS } from '@afterimage/job-schemas';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyChange } from './job-change.ts';
import type { Happening, WorkerStep, Write } from '../test/lifecycle-world.ts';
import { LifecycleWorld, WORKERS } from '../test/lifecycle-world.ts';
import { queuedJob } from '../test/queued-job.ts';

// Weighted: what keeps a job going comes up more often than what ends it, so that histories get far.
const steps = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom<WorkerStep>('heartbeat', 'phase', 'fail', 'release') },
  { weight: 3, arbitrary: fc.constantFrom<WorkerStep>('acknowledge', 'succeed', 'give up') },
);
/** Clocks differ: time may seem to run backwards from one writer to the next. */
const seconds = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(1, 14, 31, -5) },
  { weight: 1, arbitrary: fc.constant(3601) },
);
const currentAttempt = fc.constant(0);
const otherAttempt = fc.constantFrom(-1, 1);

const worker = fc.nat({ max: WORKERS - 1 });
const isStale = fc.boolean();
const kind = <K extends Happening['kind']>(name: K) => fc.constant(name);

const happenings: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: kind('time passes'), seconds }) },
  { weight: 24, arbitrary: fc.record({ kind: kind('claim'), worker, attemptOffset: currentAttempt }) },
  { weight: 4, arbitrary: fc.record({ kind: kind('claim'), worker, attemptOffset: otherAttempt }) },
  { weight: 48, arbitrary: fc.record({ kind: kind('work'), worker, step: steps }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('cancel'), isStale }) },
  { weight: 8, arbitrary: fc.record({ kind: kind('confirm published'), isStale }) },
  { weight: 12, arbitrary: fc.record({ kind: kind('reconcile'), isStale }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('dead letter'), attemptOffset: currentAttempt }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('dead letter'), attemptOffset: otherAttempt }) },
);

const histories = fc.record({
  maxAttempts: fc.constantFrom(1, 3, 10),
  // Without the size, arrays are mostly short.
  happenings: fc.array(happenings, { minLength: 20, maxLength: 100, size: 'max' }),
});

type Made = Write & { readonly after: JobRecord };

interface History {
  readonly world: LifecycleWorld;
  /** Every write that somebody tried, in order. */
  readonly tried: readonly Write[];
  /** Those that were not refused. */
  readonly made: readonly Made[];
}

function live(happenings: readonly Happening[], overrides: Partial<JobRecord> = {}): History {
  const world = new LifecycleWorld(overrides);
  const tried = happenings.flatMap((happening) => world.happen(happening) ?? []);
  return { world, tried, made: tried.filter((write): write is Made => write.after !== undefined) };
}

function inEveryHistory(check: (history: History) => void): void {
  fc.assert(
    fc.property(histories, ({ maxAttempts, happenings }) => {
      check(live(happenings, { policy: { ...queuedJob().policy, maxAttempts } }));
    }),
    { numRuns: 500 },
  );
}

const visible = ({ status, phase, outputs, error }: JobRecord) => JSON.stringify({ status, phase, outputs, error });
const isClaimed = ({ status }: JobRecord) => status === 'running' || status === 'canceling';

describe('whatever happens, a job', () => {
  it('takes the transitions of the state machine, all of them and no others', () => {
    const seen = new Set<string>();

    inEveryHistory(({ made }) => {
      for (const { before, after } of made) seen.add(`${before.status} → ${after.status}`);
    });

    const stays = [...seen].filter((transition) => /^(\w+) → \1$/.test(transition));
    expect(seen).toStrictEqual(
      new Set([
        ...stays,
        'queued → running',
        'queued → canceled',
        'queued → expired',
        'queued → failed',
        'running → queued',
        'running → canceling',
        'running → succeeded',
        'running → failed',
        'canceling → canceled',
        'canceling → succeeded',
      ]),
    );
  });

  it('stays in a terminal state', () => {
    inEveryHistory(({ made }) => {
      for (const { before, after } of made.filter((write) => isTerminal(write.before.status))) {
        expect(after).toStrictEqual({ ...before, isAnnounced: true, dueAt: null });
      }
    });
  });

  it('is due to be moved on until it is terminal and announced', () => {
    inEveryHistory(({ made }) => {
      for (const { after } of made) {
        expect(after.dueAt === null).toBe(isTerminal(after.status) && after.isAnnounced);
      }
    });
  });

  it('is brought to an announced end by the reconciler alone, in a few steps', () => {
    inEveryHistory(({ world }) => {
      const steps = world.settle(10);

      // Lease lapsed, published again, expired, announced.
      expect(steps).toBeLessThanOrEqual(4);
      expect(world.job).toMatchObject({ isAnnounced: true, dueAt: null });
      expect(isTerminal(world.job.status)).toBe(true);
    });
  });

  it('takes no write of a worker with an old token', () => {
    let refused = 0;

    inEveryHistory(({ tried }) => {
      const late = tried.filter(({ token, before }) => token !== undefined && token !== before.token);
      for (const { after } of late) expect(after).toBeUndefined();
      refused += late.length;
    });

    expect(refused).toBeGreaterThan(100);
  });

  it('is held by one worker at a time', () => {
    inEveryHistory(({ made }) => {
      for (const { before } of made.filter(({ by }) => by.kind === 'claim')) {
        expect(before).toMatchObject({ status: 'queued', token: null, leaseOwner: null });
      }
      for (const { before, after } of made.filter((write) => isClaimed(write.before) && isClaimed(write.after))) {
        expect({ token: after.token, owner: after.leaseOwner }).toStrictEqual({
          token: before.token,
          owner: before.leaseOwner,
        });
      }
      for (const { after } of made) expect(after.leaseOwner !== null).toBe(isClaimed(after));
    });
  });

  it('grows its version by one with each change that clients see', () => {
    inEveryHistory(({ made }) => {
      for (const { before, after } of made) expect([0, 1]).toContain(after.version - before.version);
      for (const { before, after } of made.filter((write) => visible(write.before) !== visible(write.after))) {
        expect(after.version).toBe(before.version + 1);
      }
    });
  });

  it('has one entry of its timeline for each version, and the timeline alone tells what it is', () => {
    inEveryHistory(({ made }) => {
      for (const { after } of made) {
        expect(after.timeline).toHaveLength(after.version);
        const told = Object.assign({}, ...after.timeline);
        expect({ status: told.status, phase: told.phase, attempt: told.attempt }).toStrictEqual({
          status: after.status,
          phase: after.phase,
          attempt: after.attempt,
        });
      }
    });
  });

  it('keeps its version through progress and confirmations', () => {
    const isQuiet = ({ by }: Write) =>
      by.kind === 'confirm published' || (by.kind === 'work' && by.step === 'heartbeat');

    inEveryHistory(({ made }) => {
      for (const { before, after } of made.filter(isQuiet)) {
        expect([after.version, visible(after)]).toStrictEqual([before.version, visible(before)]);
      }
    });
  });

  it('has exactly one open attempt while it runs, and none otherwise', () => {
    inEveryHistory(({ made }) => {
      for (const { after } of made) {
        const open = after.attempts.filter((each) => each.outcome === null).map((each) => each.number);
        expect(open).toStrictEqual(isClaimed(after) ? [after.attempt] : []);
        expect(after.attempts.map((each) => each.number)).toStrictEqual(after.attempts.map((_, index) => index + 1));
        for (const each of after.attempts) expect(each.endedAt === null).toBe(each.outcome === null);
      }
    });
  });

  it('has its attempts counted, and there is an end to them', () => {
    let mostLosses = 0;

    inEveryHistory(({ made }) => {
      for (const { after } of made) {
        const { status, attempts, failures, losses, policy } = after;
        const count = (outcome: string) => attempts.filter((each) => each.outcome === outcome).length;
        const last = isTerminal(status) ? 1 : 0;

        expect({ failures, losses }).toStrictEqual({ failures: count('failed'), losses: count('lost') });
        expect(failures).toBeLessThanOrEqual(policy.maxAttempts - 1 + last);
        expect(losses).toBeLessThanOrEqual(LIMITS.lostAttempts + last);
        mostLosses = Math.max(mostLosses, losses);
      }
    });

    expect(mostLosses).toBeGreaterThan(1);
  });

  it('has outputs exactly when it has succeeded, and an end exactly when it is terminal', () => {
    inEveryHistory(({ made }) => {
      for (const { after } of made) {
        expect(after.outputs.length > 0).toBe(after.status === 'succeeded');
        expect(after.finishedAt !== null).toBe(isTerminal(after.status));
      }
      for (const { after } of made.filter((write) => write.after.status === 'succeeded')) {
        expect(after.error).toBeNull();
      }
      for (const { after } of made.filter((write) => write.after.status === 'failed')) {
        expect(after.error).toMatchObject({ retryable: false });
      }
    });
  });

  it('fits its schema', () => {
    inEveryHistory(({ made }) => {
      for (const { after } of made) expect(jobRecordSchema.parse(after)).toStrictEqual(after);
    });
  });

  it('is not written to in place', () => {
    inEveryHistory(({ tried }) => {
      const frozen = structuredClone(tried.map(({ before }) => before));
      for (const { before, change } of tried) applyChange(before, change);

      expect(tried.map(({ before }) => before)).toStrictEqual(frozen);
    });
  });
});
