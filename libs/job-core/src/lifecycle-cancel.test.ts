import { describe, expect, it } from 'vitest';
import { announcedBy, canceling, done, running, success, TOKEN } from '../test/lifecycle-steps.ts';
import { at, OUTPUT, queuedJob } from '../test/queued-job.ts';
import { applyChange } from './job-change.ts';
import { acknowledgeCancel, cancel, forceCancel } from './lifecycle.ts';

describe('queued, cancel → canceled', () => {
  it('is immediate', () => {
    expect(done(queuedJob(), cancel(queuedJob(), at(2)))).toMatchObject({
      status: 'canceled',
      version: 2,
      cancelRequestedAt: at(2).toISOString(),
      finishedAt: at(2).toISOString(),
      dueAt: announcedBy(2),
    });
  });

  it('is refused when a worker was faster', () => {
    const change = cancel(queuedJob(), at(2));
    if (change === undefined) throw new Error('a queued job can be canceled');

    expect(applyChange(running(), change)).toBeUndefined();
  });
});

describe('running, cancel → canceling', () => {
  it('keeps the lease and gives the worker 30 s', () => {
    expect(canceling()).toMatchObject({
      status: 'canceling',
      version: 3,
      token: TOKEN,
      leaseOwner: 'worker-1',
      cancelRequestedAt: at(5).toISOString(),
      finishedAt: null,
      dueAt: at(35).toISOString(),
    });
  });

  it.each(['canceling', 'succeeded', 'failed', 'canceled', 'expired'] as const)('changes nothing when %s', (status) => {
    expect(cancel({ status }, at(5))).toBeUndefined();
  });
});

describe('canceling, acknowledgement or 30 s grace → canceled', () => {
  const acknowledged = acknowledgeCancel({ token: TOKEN, attempt: 1, now: at(7) });

  it('ends with the acknowledgement of the worker', () => {
    expect(done(canceling(), acknowledged)).toMatchObject({
      status: 'canceled',
      version: 4,
      finishedAt: at(7).toISOString(),
      attempts: [{ outcome: 'canceled', reason: null }],
    });
  });

  it('ends by force when the grace is over', () => {
    expect(done(canceling(), forceCancel(canceling(), at(35)))).toMatchObject({
      status: 'canceled',
      attempts: [{ outcome: 'canceled', reason: 'cancel_forced' }],
    });
    expect(applyChange(canceling(), forceCancel(canceling(), at(34)))).toBeUndefined();
  });

  it('refuses the later write of a stale worker', () => {
    const canceled = done(canceling(), forceCancel(canceling(), at(35)));

    expect(applyChange(canceled, success)).toBeUndefined();
    expect(applyChange(canceled, acknowledged)).toBeUndefined();
  });

  it('takes the acknowledgement of nobody but the worker that has it', () => {
    expect(applyChange({ ...canceling(), token: 'token-2' }, acknowledged)).toBeUndefined();
    expect(applyChange(running(), acknowledged)).toBeUndefined();
  });
});

describe('canceling, outputs already committed → succeeded', () => {
  it('shows the race in the job', () => {
    expect(done(canceling(), success)).toMatchObject({
      status: 'succeeded',
      cancelRequestedAt: at(5).toISOString(),
      outputs: [OUTPUT],
    });
  });
});
