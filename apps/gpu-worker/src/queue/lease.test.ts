import { cancel } from '@afterimage/job-core';
import {
  aRunningJob,
  deferred,
  FakeClock,
  InMemoryJobStore,
  InMemoryMessageQueue,
  recordingTelemetry,
} from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import { LEASE } from '../../test/support/bench.ts';
import { fakeTime, pass } from '../../test/support/fake-time.ts';
import type { Fate } from '../../test/support/faulty.ts';
import { withFates } from '../../test/support/faulty.ts';
import { CancelRequestedError, LeaseLostError } from '../interruptions.ts';
import { Phases } from '../phases.ts';
import { holdLease } from './lease.ts';

async function aLease(fateOf: () => Fate = () => 'made') {
  const clock = new FakeClock();
  const job = aRunningJob({ createdAt: clock.now().toISOString() }, { now: clock.now() });
  const jobs = new InMemoryJobStore([job]);
  const queue = new InMemoryMessageQueue(clock);
  queue.send('claim check');
  const [message] = await queue.receive({
    max: 1,
    waitSeconds: 0,
    visibilitySeconds: 60,
    signal: new AbortController().signal,
  });
  const telemetry = recordingTelemetry();
  const interrupted: Error[] = [];
  const phases = new Phases();
  let heartbeats = 0;
  const store = withFates(jobs, () => {
    heartbeats += 1;
    return fateOf();
  });
  const time = fakeTime(clock);
  const timersBefore = clock.pending;
  const lease = holdLease(
    { jobs: store, time, lease: LEASE, ...telemetry },
    {
      jobId: job.id,
      attempt: 1,
      token: 'token-1',
      claimedAtMs: time.monotonicMs(),
      queue,
      receiptHandle: message?.receiptHandle ?? '',
      progress: () => null,
      phases,
      interrupt: (reason) => interrupted.push(reason),
    },
  );
  return { clock, job, jobs, queue, lease, phases, interrupted, timersBefore, heartbeats: () => heartbeats };
}

describe('a lease', () => {
  it('is renewed as long as it is held, and so is the visibility of the message', async () => {
    const { clock, jobs, job, queue, lease, interrupted } = await aLease();

    await pass(clock, 300_000, 500);

    const stored = await jobs.get(job.id);
    expect(Date.parse(stored?.dueAt ?? '') - clock.now().getTime()).toBeGreaterThan(27_000);
    expect(queue.visible).toBe(0);
    expect(interrupted).toEqual([]);
    lease.end();
    await lease.over;
  });

  it('brings the phase with a heartbeat, once, and makes a version of it', async () => {
    const { clock, jobs, job, phases } = await aLease();
    await pass(clock, 2100);
    const version = (await jobs.get(job.id))?.version ?? 0;
    phases.enter('inferring');

    await pass(clock, 10_000);

    expect(await jobs.get(job.id)).toMatchObject({ phase: 'inferring', version: version + 1 });
  });

  it('brings a phase again when a heartbeat was lost', async () => {
    let isAway = true;
    const { clock, jobs, job, phases } = await aLease(() => (isAway ? 'lost' : 'made'));
    phases.enter('uploading');
    await pass(clock, 5000);
    expect(await jobs.get(job.id)).toMatchObject({ phase: 'preparing' });

    isAway = false;
    await pass(clock, 2100);

    expect(await jobs.get(job.id)).toMatchObject({ phase: 'uploading' });
  });

  it('leaves no timer behind', async () => {
    const { clock, lease, timersBefore } = await aLease();
    await pass(clock, 10_000);
    expect(clock.pending).toBeGreaterThan(timersBefore);

    lease.end();
    await lease.over;

    expect(clock.pending).toBe(timersBefore);
  });

  it('is lost when a heartbeat is refused, and is not renewed any more', async () => {
    const { clock, jobs, job, interrupted, heartbeats } = await aLease();
    await jobs.change(job.id, { guard: { status: ['running'] }, set: { token: 'another' }, bumpsVersion: true });

    await pass(clock, 20_000);

    expect(interrupted).toEqual([expect.any(LeaseLostError)]);
    expect(heartbeats()).toBe(1);
  });

  it('survives an outage that is shorter than itself', async () => {
    let isAway = true;
    const { clock, interrupted, lease } = await aLease(() => (isAway ? 'lost' : 'made'));

    await pass(clock, 25_000);
    isAway = false;
    await pass(clock, 25_000);

    expect(interrupted).toEqual([]);
    expect(lease.remainingMs()).toBeGreaterThan(27_000);
  });

  it('is lost by its own clock when an outage outlasts it', async () => {
    const { clock, interrupted } = await aLease(() => 'lost');

    await pass(clock, 29_900);
    expect(interrupted).toEqual([]);
    await pass(clock, 200);

    expect(interrupted).toEqual([expect.any(LeaseLostError)]);
  });

  it('is lost by its own clock while a heartbeat hangs', async () => {
    const { clock, jobs, interrupted } = await aLease();
    const hanging = deferred<undefined>();
    jobs.change = () => hanging.promise;

    await pass(clock, 30_100);

    expect(interrupted).toEqual([expect.any(LeaseLostError)]);
    hanging.resolve(undefined);
  });

  it('never has two heartbeats under way', async () => {
    const { clock, jobs, heartbeats } = await aLease();
    jobs.change = () => new Promise(() => undefined);

    await pass(clock, 20_000);

    expect(heartbeats()).toBe(1);
  });

  it('tells of a cancellation and sends no heartbeat after that', async () => {
    const { clock, jobs, job, interrupted, heartbeats } = await aLease();
    const change = cancel(job, clock.now());
    if (change !== undefined) await jobs.change(job.id, change);

    await pass(clock, 20_000);

    expect(interrupted).toEqual([expect.any(CancelRequestedError)]);
    expect(heartbeats()).toBe(1);
  });

  it('bears a message that is not in flight any more: the record alone decides', async () => {
    const { clock, queue, interrupted } = await aLease();
    queue.changeVisibility = async () => false;

    await pass(clock, 100_000, 500);

    expect(interrupted).toEqual([]);
  });
});
