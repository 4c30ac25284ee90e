import { DependencyUnavailableError } from '@afterimage/job-core';
import type { JobMessage } from '@afterimage/job-schemas';
import { aJobMessage, deferred, FakeClock, InMemoryMessageQueue, recordingTelemetry } from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import { fakeTime, pass, settle } from '../../test/support/fake-time.ts';
import { WorkerStatus } from '../worker-status.ts';
import type { ConsumeLoopPorts } from './consume-loop.ts';
import { makeConsumeLoop } from './consume-loop.ts';
import type { Delivery } from './message-source.ts';
import { MessageSource } from './message-source.ts';
import type { Outcome } from './outcome.ts';

function aLoop(processJob: ConsumeLoopPorts['processJob'], changes: Partial<ConsumeLoopPorts> = {}) {
  const clock = new FakeClock();
  const time = fakeTime(clock);
  const queue = new InMemoryMessageQueue(clock);
  const telemetry = recordingTelemetry();
  const queues = { interactive: queue, batch: new InMemoryMessageQueue(clock) };
  const source = new MessageSource({ queues, waitSeconds: 20, visibilitySeconds: 60, ...telemetry });
  const status = new WorkerStatus(time, 120_000);
  const stopping = new AbortController();
  const drain = new AbortController();
  const consume = makeConsumeLoop({
    pool: 'local',
    source,
    processJob,
    status,
    time,
    random: () => 0,
    ...telemetry,
    ...changes,
  });
  const consuming = consume({ stopping: stopping.signal, drain: drain.signal });
  const claimCheck = aJobMessage();
  const send = (message: unknown = claimCheck) =>
    queue.send(typeof message === 'string' ? message : JSON.stringify(message));
  const stop = async () => {
    if (status.state !== 'draining') status.enter('draining');
    stopping.abort();
    await source.close();
    await consuming;
  };
  return { clock, queue, telemetry, status, stopping, claimCheck, send, stop };
}

const ending = (outcome: Outcome) => () => Promise.resolve(outcome);

describe('the loop', () => {
  it('hands the claim check over and deletes the message of a job that is done', async () => {
    const seen: JobMessage[] = [];
    const loop = aLoop(async (claimCheck) => {
      seen.push(claimCheck);
      return { kind: 'done' };
    });

    loop.send();
    await settle();

    expect(seen).toEqual([loop.claimCheck]);
    expect(loop.queue.size).toBe(0);
    expect(loop.telemetry.counts.get('JobsSucceeded')).toBe(1);
    await loop.stop();
  });

  it.each<[Outcome, { size: number; visible: number }]>([
    [
      { kind: 'retry', code: 'internal' },
      { size: 0, visible: 0 },
    ],
    [
      { kind: 'reject', code: 'internal' },
      { size: 0, visible: 0 },
    ],
    [{ kind: 'canceled' }, { size: 0, visible: 0 }],
    [
      { kind: 'stale', reason: 'gone' },
      { size: 0, visible: 0 },
    ],
    [
      { kind: 'release', isClaimed: true },
      { size: 0, visible: 0 },
    ],
    [
      { kind: 'abandon', reason: 'lost' },
      { size: 1, visible: 0 },
    ],
    [
      { kind: 'poison', reason: 'from the future' },
      { size: 1, visible: 0 },
    ],
    [
      { kind: 'defer', afterSeconds: 5 },
      { size: 1, visible: 0 },
    ],
  ])('settles %o', async (outcome, expected) => {
    const loop = aLoop(ending(outcome));

    loop.send();
    await settle();

    expect(loop.queue).toMatchObject(expected);
    await loop.stop();
  });

  it('takes one message at a time', async () => {
    const first = deferred();
    let running = 0;
    let most = 0;
    const loop = aLoop(async () => {
      most = Math.max(most, ++running);
      await first.promise;
      running -= 1;
      return { kind: 'done' };
    });

    for (let i = 0; i < 5; i++) loop.send();
    await settle();
    expect(loop.queue.visible).toBe(4);
    first.resolve();
    await settle();

    expect(most).toBe(1);
    expect(loop.queue.size).toBe(0);
    await loop.stop();
  });

  it.each([
    ['is not JSON', 'no JSON {'],
    ['is no claim check', { hello: 'a secret prompt' }],
    ['is for another pool', { ...aJobMessage(), pool: 'sdxl' }],
  ])('leaves a message that %s, and tells of it without quoting it', async (_, body) => {
    const loop = aLoop(ending({ kind: 'done' }));

    const messageId = loop.send(body);
    await settle();

    expect(loop.queue).toMatchObject({ size: 1, visible: 0 });
    expect(loop.telemetry.counts.get('MessagesPoison')).toBe(1);
    const line = loop.telemetry.lines.find(({ level }) => level === 'error');
    expect(line?.fields).toMatchObject({ messageId, outcome: 'poison' });
    expect(JSON.stringify(loop.telemetry.lines)).not.toContain('secret');
    await loop.stop();
  });

  it('puts a message off whose processing failed unexpectedly', async () => {
    const loop = aLoop(() => Promise.reject(new TypeError('a bug')));

    loop.send();
    await settle();

    expect(loop.queue).toMatchObject({ size: 1, visible: 0 });
    expect(loop.telemetry.counts.get('MessagesDeferred')).toBe(1);
    await loop.stop();
  });

  it('goes on when a message cannot be settled', async () => {
    const loop = aLoop(ending({ kind: 'done' }));
    loop.queue.delete = () => Promise.reject(new DependencyUnavailableError('the queue is away'));

    loop.send();
    await settle();

    expect(loop.telemetry.counts.get('WorkerSettleErrors')).toBe(1);
    expect(loop.status.state).toBe('polling');
    await loop.stop();
  });

  it('slows down, up to a cap, while nothing can be received', async () => {
    let calls = 0;
    const source = { next: () => Promise.reject(new Error(`call ${++calls}`)) };
    const loop = aLoop(ending({ kind: 'done' }), { source });

    await pass(loop.clock, 60_000);
    expect(calls).toBeGreaterThan(5);
    expect(calls).toBeLessThan(15);
    const before = calls;
    await pass(loop.clock, 150_000, 500);

    expect(calls - before).toBe(10);
    await loop.stop();
  });

  it('slows down while jobs cannot be claimed, so that an outage does not use up their receives', async () => {
    const loop = aLoop(ending({ kind: 'defer', afterSeconds: 900 }));
    for (let i = 0; i < 100; i++) loop.send();

    await pass(loop.clock, 60_000);

    expect(loop.queue.visible).toBeGreaterThan(85);
    await loop.stop();
  });

  it('is no hot loop when the queues do not wait', async () => {
    let calls = 0;
    const source = { next: async (): Promise<Delivery | undefined> => void ++calls };
    const loop = aLoop(ending({ kind: 'done' }), { source });

    await pass(loop.clock, 10_000);

    expect(calls).toBeLessThanOrEqual(101);
    expect(calls).toBeGreaterThan(90);
    await loop.stop();
  });

  it('ends at once when it is stopped while it waits, for a message or after an error', async () => {
    const idle = aLoop(ending({ kind: 'done' }));
    const failing = aLoop(ending({ kind: 'done' }), { source: { next: () => Promise.reject(new Error('away')) } });
    await settle();

    await Promise.all([idle.stop(), failing.stop()]);

    expect([idle.status.state, failing.status.state]).toEqual(['draining', 'draining']);
  });

  it('gives back a message that comes when it is already stopped', async () => {
    const next = deferred<Delivery | undefined>();
    let isTouched = false;
    const untouched = async (): Promise<Outcome> => {
      isTouched = true;
      return { kind: 'done' };
    };
    const loop = aLoop(untouched, { source: { next: () => next.promise } });
    loop.send();
    const [message] = await loop.queue.receive({
      max: 1,
      waitSeconds: 0,
      visibilitySeconds: 60,
      signal: loop.stopping.signal,
    });
    const stopped = loop.stop();

    if (message !== undefined) next.resolve({ message, queue: loop.queue, priority: 'interactive' });
    await stopped;

    expect(isTouched).toBe(false);
    expect(loop.queue.visible).toBe(1);
  });
});
