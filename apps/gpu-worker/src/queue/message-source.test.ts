import type { MessageQueue } from '@afterimage/job-core';
import type { Priority } from '@afterimage/job-schemas';
import { deferred, FakeClock, InMemoryMessageQueue, recordingTelemetry } from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import { pass, settle } from '../../test/support/fake-time.ts';
import { unavailable } from '../../test/support/faulty.ts';
import { MessageSource } from './message-source.ts';

function aSource(changes: { interactive?: Partial<MessageQueue>; batch?: Partial<MessageQueue> } = {}) {
  const paused = new Set<Priority>();
  const clock = new FakeClock();
  const interactive = Object.assign(new InMemoryMessageQueue(clock), changes.interactive);
  const batch = Object.assign(new InMemoryMessageQueue(clock), changes.batch);
  const telemetry = recordingTelemetry();
  const source = new MessageSource({
    queues: { interactive, batch },
    waitSeconds: 20,
    visibilitySeconds: 60,
    isPaused: (priority) => paused.has(priority),
    ...telemetry,
  });
  return { clock, interactive, batch, source, telemetry, paused };
}

describe('a message source', () => {
  it('takes interactive first', async () => {
    const { source, interactive, batch } = aSource();
    batch.send('batch');
    interactive.send('interactive');

    expect((await source.next())?.message.body).toBe('interactive');
    expect((await source.next())?.message.body).toBe('batch');
  });

  it('takes batch one time in ten while both have work', async () => {
    const { source, interactive, batch } = aSource();
    for (let i = 0; i < 30; i++) {
      batch.send('batch');
      interactive.send('interactive');
    }

    const taken: unknown[] = [];
    for (let i = 0; i < 20; i++) taken.push((await source.next())?.priority);

    expect(taken.filter((priority) => priority === 'batch')).toHaveLength(2);
  });

  it.each(['interactive', 'batch'] as const)(
    'waits at both queues, and has a message of %s at once',
    async (priority) => {
      const { source, [priority]: queue } = aSource();
      const next = source.next();
      await settle();

      queue.send('late');

      expect((await next)?.priority).toBe(priority);
    },
  );

  it('takes nothing from a queue that is paused, and goes on with it when it is not', async () => {
    const { source, interactive, batch, paused } = aSource();
    paused.add('interactive');
    interactive.send('interactive');
    batch.send('batch');
    expect((await source.next())?.message.body).toBe('batch');

    paused.add('batch');
    expect(await source.next()).toBeUndefined();
    expect(interactive.visible).toBe(1);

    paused.clear();
    expect((await source.next())?.message.body).toBe('interactive');
  });

  it('gives back what a wait brings from a queue that was paused meanwhile', async () => {
    const { source, clock, interactive, paused, telemetry } = aSource();
    const next = source.next();
    await settle();

    paused.add('interactive');
    interactive.send('late');
    await settle();

    expect(interactive.visible).toBe(1);
    expect(telemetry.lines).toMatchObject([{ fields: { reason: 'the queue is paused' } }]);
    await pass(clock, 20_000);
    expect(await next).toBeUndefined();
  });

  it('has nothing after the wait', async () => {
    const { source, clock } = aSource();
    const next = source.next();

    await pass(clock, 20_000, 1000);

    expect(await next).toBeUndefined();
  });

  it('gives back what the other long poll brings while the worker has a job', async () => {
    const { source, interactive, batch, telemetry } = aSource();
    const next = source.next();
    await settle();
    interactive.send('taken');
    await next;

    batch.send('given back');
    await settle();

    expect(batch).toMatchObject({ size: 1, visible: 1, polling: 0 });
    expect(telemetry.counts.get('WorkerMessagesGivenBack')).toBe(1);
    expect((await source.next())?.message).toMatchObject({ body: 'given back', receiveCount: 2 });
  });

  it('gives back the second of two messages that come at the same time', async () => {
    const { source, interactive, batch } = aSource();
    const next = source.next();
    await settle();

    interactive.send('a');
    batch.send('b');

    expect((await next)?.message.body).toBe('a');
    await settle();
    expect(batch.visible).toBe(1);
    expect(interactive).toMatchObject({ size: 1, visible: 0 });
  });

  it('waits on with the long poll that is still open, instead of a second one', async () => {
    const { source, interactive, batch } = aSource();
    const first = source.next();
    await settle();
    interactive.send('first');
    await first;

    const second = source.next();
    await settle();
    expect(batch.polling).toBe(1);
    batch.send('second');

    expect((await second)?.message.body).toBe('second');
  });

  it('begins a new round as soon as one of the long polls is over', async () => {
    const { source, clock, interactive } = aSource();
    const first = source.next();
    await pass(clock, 15_000, 1000);
    interactive.send('first');
    await first;

    const second = source.next();
    await pass(clock, 5000, 1000);

    expect(await second).toBeUndefined();
  });

  it('serves one queue while the other one fails', async () => {
    const { source, batch } = aSource({ interactive: { receive: () => Promise.reject(unavailable()) } });
    batch.send('batch');

    expect((await source.next())?.message.body).toBe('batch');
    await expect(source.next()).rejects.toThrow('the store is away');
  });

  it('tells of a long poll that fails, and of one that failed meanwhile with the next look', async () => {
    const poll = deferred<never>();
    const receive: MessageQueue['receive'] = ({ waitSeconds }) =>
      waitSeconds === 0 ? Promise.resolve([]) : poll.promise;
    const { source } = aSource({ batch: { receive } });
    const next = source.next();
    await settle();

    poll.reject(unavailable());

    await expect(next).rejects.toThrow('the store is away');
  });

  it('bears that a message cannot be given back', async () => {
    const { source, interactive, batch, telemetry } = aSource({
      batch: { changeVisibility: () => Promise.reject(unavailable()) },
    });
    const next = source.next();
    await settle();
    interactive.send('taken');
    await next;

    batch.send('stays invisible');
    await source.close();

    expect(telemetry.lines.map(({ message }) => message)).toContain('message not given back');
  });

  it('ends its long polls when it is closed, and yields nothing after that', async () => {
    const { source, interactive, batch } = aSource();
    const next = source.next();
    await settle();

    await source.close();

    expect(await next).toBeUndefined();
    expect([interactive.polling, batch.polling]).toEqual([0, 0]);
    interactive.send('too late');
    expect(await source.next()).toBeUndefined();
    expect(interactive.visible).toBe(1);
  });
});
