import { LIMITS } from '@afterimage/job-schemas';
import { describe, expect, it } from 'vitest';
import {
  announcedBy,
  canceling,
  claimAt,
  done,
  failure,
  lost,
  running,
  success,
  timings,
  TOKEN,
} from '../test/lifecycle-steps.ts';
import { at, OUTPUT, queuedJob } from '../test/queued-job.ts';
import { applyChange } from './job-change.ts';
import { cancel, confirmAnnounced, confirmPublished, deadLetter, endAttempt, expire, heartbeat } from './lifecycle.ts';

describe('queued, a worker claims it → running', () => {
  it('sets lease owner and fencing token, and opens an attempt', () => {
    expect(done(queuedJob(), claimAt(3))).toMatchObject({
      status: 'running',
      phase: 'preparing',
      version: 2,
      token: TOKEN,
      leaseOwner: 'worker-1',
      startedAt: at(3).toISOString(),
      dueAt: at(33).toISOString(),
      attempts: [{ number: 1, outcome: null, startedAt: at(3).toISOString(), endedAt: null }],
    });
  });

  it.each([
    ['it is at another attempt', queuedJob(), claimAt(3, { attempt: 2 })],
    ['another worker has it', running(), claimAt(3, { token: 'token-2' })],
    ['the start deadline has come', queuedJob({ startDeadlineAt: at(3).toISOString() }), claimAt(3)],
    ['it is canceled', done(queuedJob(), cancel(queuedJob(), at(1))), claimAt(3)],
  ])('is refused when %s', (_, job, change) => {
    expect(applyChange(job, change)).toBeUndefined();
  });
});

describe('running, a retryable error, lost lease or release → queued, attempt + 1', () => {
  it('ends the attempt and starts all over, unpublished', () => {
    expect(done(running(), endAttempt(running(), failure()))).toMatchObject({
      status: 'queued',
      phase: null,
      version: 3,
      attempt: 2,
      failures: 1,
      losses: 0,
      token: null,
      leaseOwner: null,
      isPublished: false,
      startedAt: null,
      startDeadlineAt: at(8 + 3600).toISOString(),
      dueAt: announcedBy(8),
      error: { code: 'engine_error', retryable: true },
      attempts: [{ number: 1, outcome: 'failed', reason: 'engine_error', endedAt: at(8).toISOString() }],
    });
  });

  it('counts a Spot loss apart', () => {
    expect(done(running(), endAttempt(running(), lost))).toMatchObject({
      status: 'queued',
      failures: 0,
      losses: 1,
      attempts: [{ outcome: 'lost', reason: 'spot_interruption' }],
    });
  });

  it('takes a lost worker even when no failure is left', () => {
    const job = running({ failures: 2 });

    expect(done(job, endAttempt(job, lost))).toMatchObject({ status: 'queued', failures: 2, losses: 1 });
  });

  it.each([
    ['a lapsed lease at its end', at(31), 'queued'],
    ['a lease that is not over', at(30), undefined],
  ])('takes %s: %s', (_, now, status) => {
    expect(applyChange(running(), endAttempt(running(), { ...lost, now, ifLapsed: true }))?.status).toBe(status);
  });

  it('is refused with another token, and without one', () => {
    expect(applyChange(running(), endAttempt({ ...running(), token: 'token-0' }, failure()))).toBeUndefined();
    expect(applyChange(running(), endAttempt({ ...running(), token: null }, failure()))).toBeUndefined();
  });

  it('is refused when the client asked for cancellation meanwhile', () => {
    expect(applyChange(canceling(), endAttempt(running(), failure()))).toBeUndefined();
  });
});

describe('running, all outputs stored → succeeded', () => {
  it('keeps outputs and timings, clears the error of an earlier attempt, and is due to be announced', () => {
    expect(done(running({ error: failure().error }), success)).toMatchObject({
      status: 'succeeded',
      phase: null,
      version: 3,
      outputs: [OUTPUT],
      timings,
      error: null,
      leaseOwner: null,
      isAnnounced: false,
      finishedAt: at(9).toISOString(),
      dueAt: announcedBy(9),
      attempts: [{ outcome: 'succeeded', endedAt: at(9).toISOString() }],
    });
  });

  it('is refused with another token', () => {
    expect(applyChange({ ...running(), token: 'token-2' }, success)).toBeUndefined();
  });

  it('happens once', () => {
    expect(applyChange(done(running(), success), success)).toBeUndefined();
  });
});

describe('running, a permanent error or no attempt left → failed', () => {
  it.each([
    ['a permanent error', running(), failure({ code: 'input_invalid', retryable: false })],
    ['the last failure', running({ failures: 2 }), failure()],
    ['one loss too many', running({ losses: LIMITS.lostAttempts }), lost],
  ])('fails with %s', (_, job, end) => {
    const failed = done(job, endAttempt(job, end));

    expect(failed).toMatchObject({
      status: 'failed',
      attempt: 1,
      version: 3,
      finishedAt: at(8).toISOString(),
      dueAt: announcedBy(8),
      error: { code: end.error.code, retryable: false },
      attempts: [{ outcome: end.outcome, endedAt: at(8).toISOString() }],
    });
    expect(failed.failures + failed.losses).toBe(job.failures + job.losses + 1);
  });

  it('allows exactly as many losses as the limit says', () => {
    const last = running({ losses: LIMITS.lostAttempts - 1 });

    expect(done(last, endAttempt(last, lost))).toMatchObject({ status: 'queued', losses: LIMITS.lostAttempts });
  });
});

describe('queued, the start deadline passed → expired', () => {
  it('ends without an attempt', () => {
    expect(done(queuedJob(), expire(at(3600)))).toMatchObject({
      status: 'expired',
      version: 2,
      attempts: [],
      finishedAt: at(3600).toISOString(),
      dueAt: announcedBy(3600),
    });
  });

  it('is refused before the deadline, and once it runs', () => {
    expect(applyChange(queuedJob(), expire(at(3599)))).toBeUndefined();
    expect(applyChange(running(), expire(at(3600)))).toBeUndefined();
  });
});

describe('what changes no status', () => {
  it('a confirmed publication waits for the start deadline, at its own attempt alone', () => {
    const job = queuedJob();

    expect(done(job, confirmPublished(job))).toStrictEqual({ ...job, isPublished: true, dueAt: job.startDeadlineAt });
    expect(applyChange(queuedJob({ attempt: 2 }), confirmPublished(job))).toBeUndefined();
    expect(applyChange(running(), confirmPublished(job))).toBeUndefined();
  });

  it('a heartbeat renews the lease and brings progress, in canceling too, without a new version', () => {
    const progress = { fraction: 0.5, step: 1, steps: 2, image: 1, images: 1, etaSeconds: 1, previewUrl: null };
    const change = heartbeat({ token: TOKEN, now: at(10), leaseSeconds: 30, progress });

    expect(done(running(), change)).toStrictEqual({ ...running(), progress, dueAt: at(40).toISOString() });
    expect(done(canceling(), change)).toMatchObject({ status: 'canceling', dueAt: at(40).toISOString() });
    expect(applyChange(queuedJob({ token: TOKEN }), change)).toBeUndefined();
  });

  it('a heartbeat that brings a phase makes a new version', () => {
    const beat = { token: TOKEN, now: at(10), leaseSeconds: 30, progress: null };
    const change = heartbeat({ ...beat, phase: 'uploading' });

    const dueAt = at(40).toISOString();
    const timeline = [...running().timeline, { at: at(10).toISOString(), phase: 'uploading' }];
    expect(done(running(), change)).toStrictEqual({ ...running(), phase: 'uploading', dueAt, timeline, version: 3 });
    expect(applyChange(running(), { ...change, guard: { ...change.guard, token: 'another' } })).toBeUndefined();
  });

  it('an announced job is due for nothing, at its own version alone', () => {
    const canceled = done(queuedJob(), cancel(queuedJob(), at(2)));

    expect(done(canceled, confirmAnnounced(canceled))).toStrictEqual({ ...canceled, isAnnounced: true, dueAt: null });
    expect(applyChange({ ...canceled, version: 9 }, confirmAnnounced(canceled))).toBeUndefined();
    expect(applyChange(running(), confirmAnnounced(running()))).toBeUndefined();
  });
});

describe('queued, its message was dead-lettered → failed', () => {
  it('fails at that attempt alone', () => {
    expect(done(queuedJob(), deadLetter(1, at(20)))).toMatchObject({
      status: 'failed',
      version: 2,
      error: { code: 'internal', stage: 'queue', attempt: 1, retryable: false },
      dueAt: announcedBy(20),
    });
    expect(applyChange(queuedJob({ attempt: 2 }), deadLetter(1, at(20)))).toBeUndefined();
    expect(applyChange(running(), deadLetter(1, at(20)))).toBeUndefined();
  });
});
