import type { JobChange } from '@afterimage/job-core';
import { deferred } from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import { aBench } from '../test/support/bench.ts';
import { fails, paintsWhen } from '../test/support/fake-engine.ts';
import { pass, untilSettled } from '../test/support/fake-time.ts';
import type { Fate } from '../test/support/faulty.ts';
import { fates, isHeartbeat, isRequeue, isSuccess, unavailable, withFates } from '../test/support/faulty.ts';
import { EngineError } from './engines/engine-error.ts';

const storeWith = (fateOf: (change: JobChange) => Fate) => ({
  store: (store: Parameters<typeof withFates>[0]) => withFates(store, fateOf),
});
const always = (picks: (change: JobChange) => boolean, fate: Fate) =>
  storeWith((change) => (picks(change) ? fate : 'made'));
const retryable = new EngineError('engine_error', 'broken', { isRetryable: true });

describe('outputs', () => {
  it('are stored before the record can name them', async () => {
    const bench = aBench();
    const held = deferred();
    const outputs = {
      exists: async () => false,
      signUrl: async () => ({ url: '', credentialsEndAt: null }),
      put: async (...upload: Parameters<typeof bench.outputs.put>) => {
        await held.promise;
        await bench.outputs.put(...upload);
      },
    };

    const processing = bench.process({ outputs });
    await pass(bench.clock, 2100);
    const before = await bench.stored();
    held.resolve();
    await processing;

    expect(before).toMatchObject({ status: 'running', phase: 'uploading', outputs: [] });
    expect((await bench.stored()).status).toBe('succeeded');
  });
});

describe('the record', () => {
  it('is written at a later try while the lease lasts', async () => {
    const bench = aBench(storeWith(fates(isSuccess, 'lost', 'lost')));

    expect(await untilSettled(bench.clock, bench.process())).toEqual({ kind: 'done' });
    expect((await bench.stored()).status).toBe('succeeded');
  });

  it('is left to the next owner once the lease has run out', async () => {
    const bench = aBench(always(isSuccess, 'lost'));

    const outcome = await untilSettled(bench.clock, bench.process(), 31_000);

    expect(outcome.kind).toBe('abandon');
    expect(await bench.stored()).toMatchObject({ status: 'running', outputs: [] });
    expect(bench.events.published).toEqual([]);
  });

  it('counts as written when the write got through and only its answer was lost', async () => {
    const bench = aBench(storeWith(fates(isSuccess, 'answer-lost')));

    expect(await untilSettled(bench.clock, bench.process())).toEqual({ kind: 'done' });
    expect(bench.events.published.map(({ type }) => type)).toEqual(['job.succeeded']);
    expect((await bench.stored()).isAnnounced).toBe(true);
  });

  it('is not written by a worker whose job was given to another', async () => {
    const gate = deferred();
    const bench = aBench({ ...always(isHeartbeat, 'lost'), scripts: [paintsWhen(gate.promise)] });
    const processing = bench.process();
    await bench.engine.started.promise;
    await bench.jobs.change(bench.job.id, {
      guard: { status: ['running'] },
      set: { token: 'another' },
      bumpsVersion: true,
    });
    gate.resolve();

    expect((await untilSettled(bench.clock, processing)).kind).toBe('abandon');
    expect(await bench.stored()).toMatchObject({ status: 'running', token: 'another', outputs: [] });
    expect(bench.events.published).toEqual([]);
  });

  it('is not touched, and nothing is published, once the lease is lost in mid-job', async () => {
    const bench = aBench({ ...always(isHeartbeat, 'lost'), scripts: [paintsWhen(new Promise(() => undefined))] });
    const processing = bench.process();
    await bench.engine.started.promise;
    await pass(bench.clock, 1000);
    const before = await bench.stored();

    const outcome = await untilSettled(bench.clock, processing, 30_000);

    expect(outcome.kind).toBe('abandon');
    expect(await bench.stored()).toEqual(before);
    expect(bench.events.published).toEqual([]);
    expect(bench.publisher.published).toEqual([]);
    expect(bench.queue.size).toBe(1);
  });

  it('of a failure counts as written when only its answer was lost', async () => {
    const bench = aBench({ ...storeWith(fates(isRequeue, 'answer-lost')), scripts: [fails(retryable)] });

    expect(await untilSettled(bench.clock, bench.process())).toEqual({ kind: 'retry', code: 'engine_error' });
    expect(await bench.stored()).toMatchObject({ attempt: 2, failures: 1, status: 'queued' });
    expect(bench.publisher.published).toHaveLength(1);
  });
});

describe('what follows the record', () => {
  it('leaves the job due when the event cannot be published', async () => {
    const bench = aBench();
    bench.events.publish = () => Promise.reject(unavailable());

    expect(await bench.process()).toEqual({ kind: 'done' });
    expect(await bench.stored()).toMatchObject({ status: 'succeeded', isAnnounced: false });
    expect((await bench.stored()).dueAt).not.toBeNull();
  });

  it('leaves the job due when the next attempt cannot be published', async () => {
    const bench = aBench({ scripts: [fails(retryable)] });
    bench.publisher.publish = () => Promise.reject(unavailable());

    expect(await bench.process()).toEqual({ kind: 'retry', code: 'engine_error' });
    expect(await bench.stored()).toMatchObject({ status: 'queued', attempt: 2, isPublished: false });
  });
});
