import { describe, expect, it } from 'vitest';
import { at, queuedJob } from '../test/queued-job.ts';
import type { JobGuard } from './job-change.ts';
import { applyChange, guardHolds } from './job-change.ts';

const job = queuedJob({ token: 'token-1', attempt: 2, version: 5, dueAt: at(10).toISOString() });

describe('guardHolds', () => {
  it.each<[string, Partial<JobGuard>, boolean]>([
    ['its status alone', {}, true],
    ['one of several states', { status: ['running', 'queued'] }, true],
    ['another status', { status: ['running'] }, false],
    ['no status', { status: [] }, false],
    ['its attempt', { attempt: 2 }, true],
    ['an earlier attempt', { attempt: 1 }, false],
    ['its token', { token: 'token-1' }, true],
    ['another token', { token: 'token-2' }, false],
    ['its version', { version: 5 }, true],
    ['an older version', { version: 4 }, false],
    ['the moment it is due', { dueBy: at(10).toISOString() }, true],
    ['a moment before that', { dueBy: at(9.999).toISOString() }, false],
    ['a start deadline to come', { startDeadlineAfter: at(3599).toISOString() }, true],
    ['a start deadline that is now', { startDeadlineAfter: at(3600).toISOString() }, false],
    ['a start deadline that has come', { startDeadlineBy: at(3600).toISOString() }, true],
    ['a start deadline that has not come', { startDeadlineBy: at(3599).toISOString() }, false],
    ['all of it', { attempt: 2, token: 'token-1', version: 5 }, true],
    ['all of it but one', { attempt: 2, token: 'token-1', version: 6 }, false],
  ])('asks for %s', (_, guard, holds) => {
    expect(guardHolds({ status: ['queued'], ...guard }, job)).toBe(holds);
  });

  it('never finds a job overdue that nobody has to move on', () => {
    const guard: JobGuard = { status: ['queued'], dueBy: '9999-12-31T23:59:59.999Z' };

    expect(guardHolds(guard, { ...job, dueAt: null })).toBe(false);
  });
});

describe('applyChange', () => {
  const guard: JobGuard = { status: ['queued'] };

  it('sets what it is told, null included', () => {
    expect(applyChange(job, { guard, set: { token: null, pool: 'other' }, bumpsVersion: false })).toStrictEqual({
      ...job,
      token: null,
      pool: 'other',
    });
  });

  it('opens an attempt and closes that of the number given', () => {
    const open = { number: 1, outcome: null, reason: null, startedAt: at(1).toISOString(), endedAt: null };
    const ending = { number: 1, outcome: 'lost', reason: 'drain', endedAt: at(2).toISOString() } as const;

    const started = applyChange(job, { guard, set: {}, bumpsVersion: false, startsAttempt: open });
    const two = { ...job, attempts: [open, { ...open, number: 2 }] };
    const ended = applyChange(two, { guard, set: {}, bumpsVersion: false, endsAttempt: ending });

    expect(started?.attempts).toStrictEqual([open]);
    expect(ended?.attempts).toStrictEqual([
      { ...open, ...ending },
      { ...open, number: 2 },
    ]);
  });

  it('yields nothing when the guard does not hold', () => {
    expect(applyChange(job, { guard: { status: ['failed'] }, set: {}, bumpsVersion: true })).toBeUndefined();
  });
});
