import { cancel } from '@afterimage/job-core';
import { deferred, InMemoryOutputStore } from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import { aPipeline } from '../test/support/a-pipeline.ts';
import { aBench } from '../test/support/bench.ts';
import type { Script } from '../test/support/fake-engine.ts';
import { FakeEngine, fails, paints, paintsWhen } from '../test/support/fake-engine.ts';
import { pass, settle } from '../test/support/fake-time.ts';
import { EngineError, EngineUnusableError } from './engines/engine-error.ts';

/** An upload of the images of job 0 that waits for the gate; those of other jobs do not. */
function slowBucket(firstJobId: () => string, gate: Promise<void>) {
  const bucket = new InMemoryOutputStore();
  return Object.assign(new InMemoryOutputStore(), {
    async put(...upload: Parameters<typeof bucket.put>) {
      if (upload[0].key.includes(firstJobId())) await gate;
      await bucket.put(...upload);
    },
  });
}

const hung = new Promise<void>(() => undefined);

describe('while a job has the engine', () => {
  it('the next one is claimed and its inputs are fetched, and no further one', async () => {
    const gate = deferred();
    const engine = new FakeEngine(paintsWhen(gate.promise), paints);
    const fetched: string[] = [];
    const worker = aPipeline(4, engine, {
      fetchInputs: async ({ id }) => {
        fetched.push(id);
        return new Map();
      },
    });
    await pass(worker.clock, 5000);

    expect(worker.stages()).toEqual([
      [0, 'running'],
      [1, 'prefetched'],
    ]);
    expect(fetched).toEqual([worker.jobs[0]?.id, worker.jobs[1]?.id]);
    expect(engine.runs).toHaveLength(1);
    expect(worker.queue.visible).toBe(2);

    gate.resolve();
    await pass(worker.clock, 1000);
    expect(await worker.statuses()).toEqual(Array.from({ length: 4 }, () => 'succeeded'));
    expect(engine.maxRunning).toBe(1);
    expect(worker.queue.size).toBe(0);
    await worker.stop();
  });

  it('the one before is stored', async () => {
    const upload = deferred();
    const second = deferred();
    const engine = new FakeEngine(paints, paintsWhen(second.promise));
    let first = '';
    const worker = aPipeline(3, engine, { outputs: slowBucket(() => first, upload.promise) });
    first = worker.jobs[0]?.id ?? '';
    await pass(worker.clock, 5000);

    expect(worker.stages()).toEqual([
      [0, 'finishing'],
      [1, 'running'],
      [2, 'prefetched'],
    ]);

    upload.resolve();
    await settle();
    expect(await worker.statuses()).toEqual(['succeeded', 'running', 'running']);
    second.resolve();
    await settle();
    await worker.stop();
    expect(await worker.statuses()).toEqual(['succeeded', 'succeeded', 'succeeded']);
  });

  it('each of them keeps its own lease', async () => {
    const engine = new FakeEngine(paints, paintsWhen(hung));
    let first = '';
    const worker = aPipeline(3, engine, { outputs: slowBucket(() => first, hung) });
    first = worker.jobs[0]?.id ?? '';

    await pass(worker.clock, 100_000, 500);

    for (const index of [0, 1, 2]) {
      const { dueAt } = await worker.stored(index);
      expect(Date.parse(dueAt ?? '') - worker.clock.now().getTime()).toBeGreaterThan(27_000);
    }
    expect(worker.queue.visible).toBe(0);
  });

  it('the next one is canceled without the engine being touched', async () => {
    const gate = deferred();
    const engine = new FakeEngine(paintsWhen(gate.promise), paints);
    const worker = aPipeline(2, engine);
    await pass(worker.clock, 1000);
    const change = cancel(await worker.stored(1), worker.clock.now());
    if (change !== undefined) await worker.store.change(worker.jobs[1]?.id ?? '', change);

    await pass(worker.clock, 2500);

    expect(await worker.statuses()).toEqual(['running', 'canceled']);
    expect(engine.resets).toBe(0);
    gate.resolve();
    await settle();
    await worker.stop();
    expect(await worker.statuses()).toEqual(['succeeded', 'canceled']);
  });

  it('the time limit of the next one has not begun', async () => {
    const gate = deferred();
    const engine = new FakeEngine(paintsWhen(gate.promise), paints);
    const worker = aPipeline(2, engine);
    const seconds = worker.jobs[0]?.policy.executionTimeoutSeconds ?? 0;
    await pass(worker.clock, (seconds - 5) * 1000, 1000);
    gate.resolve();
    await settle();

    await worker.stop();

    expect(await worker.statuses()).toEqual(['succeeded', 'succeeded']);
  });
});

describe('an engine that tells when it is free', () => {
  it('gets the next job while it checks the last one, which cannot touch it any more', async () => {
    const check = deferred();
    const checks: Script = async (job, run) => {
      run.onEngineFree?.();
      await check.promise;
      await paints(job, run);
    };
    const second = deferred();
    const engine = new FakeEngine(checks, paintsWhen(second.promise));
    const worker = aPipeline(2, engine);
    await settle();
    expect(worker.stages()).toEqual([
      [0, 'finishing'],
      [1, 'running'],
    ]);

    check.reject(new EngineError('bad_output', 'an image is of one colour', { isRetryable: false }));
    await settle();

    expect(await worker.statuses()).toEqual(['failed', 'running']);
    expect(engine.resets).toBe(0);
    second.resolve();
    await settle();
    await worker.stop();
    expect(await worker.statuses()).toEqual(['failed', 'succeeded']);
  });
});

describe('a worker that stops', () => {
  it('gives the prefetched job back at once and leaves the running one alone', async () => {
    const gate = deferred();
    const engine = new FakeEngine(paintsWhen(gate.promise));
    const worker = aPipeline(3, engine);
    await pass(worker.clock, 1000);

    const stopped = worker.stop();
    await settle();

    expect(await worker.statuses()).toEqual(['running', 'queued', 'queued']);
    expect(await worker.stored(1)).toMatchObject({ attempt: 2, losses: 1, failures: 0, isPublished: true });
    expect((await worker.stored(1)).attempts).toMatchObject([{ outcome: 'lost', reason: 'drain' }]);
    expect(worker.publisher.published.map(({ message }) => message.jobId)).toEqual([worker.jobs[1]?.id]);
    expect(await worker.stored(2)).toMatchObject({ attempt: 1, losses: 0 });
    gate.resolve();
    await stopped;
    expect((await worker.stored(0)).status).toBe('succeeded');
    // The message of the job that was never taken is all that is left.
    expect(worker.queue).toMatchObject({ size: 1, visible: 1 });
  });

  it('gives the prefetched job back while its inputs hang', async () => {
    const engine = new FakeEngine();
    const worker = aPipeline(1, engine, {
      fetchInputs: (_job, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    });
    await pass(worker.clock, 1000);

    await worker.stop();

    expect(await worker.stored(0)).toMatchObject({ status: 'queued', losses: 1, failures: 0 });
    expect(engine.runs).toEqual([]);
  });
});

describe('an engine that becomes unusable', () => {
  it('gets no further job; its own and the next one go back to the queue, and count as lost', async () => {
    const engine = new FakeEngine(fails(new EngineUnusableError('the server is gone')));
    const worker = aPipeline(2, engine);
    await settle();
    await worker.stop();

    expect(engine.runs).toHaveLength(1);
    expect(engine.resets).toBe(0);
    const [first, second] = [await worker.stored(0), await worker.stored(1)];
    expect(first).toMatchObject({ status: 'queued', attempt: 2, losses: 1, failures: 0 });
    expect(first.attempts).toMatchObject([{ outcome: 'lost', reason: 'engine_lost' }]);
    expect(second.status).toBe('queued');
    expect(second.failures).toBe(0);
  });

  it('fails no job that it was never asked for, however often that happens', async () => {
    const at = '2026-01-02T03:00:00.000Z';
    const reasons = ['engine_lost', 'engine_away', 'engine_away'];
    const attempts = reasons.map((reason, index) => {
      return { number: index + 1, outcome: 'lost', reason, startedAt: at, endedAt: at } as const;
    });
    const away = new EngineUnusableError('the server was not there', { isBeforeJob: true });
    const bench = aBench({ job: { attempt: 4, attempts, losses: 3 }, scripts: [fails(away)] });

    expect(await bench.process()).toEqual({ kind: 'retry', code: 'engine_error' });
    expect(await bench.stored()).toMatchObject({ status: 'queued', failures: 0, losses: 4, attempt: 5 });
    expect((await bench.stored()).attempts.at(-1)).toMatchObject({ outcome: 'lost', reason: 'engine_away' });
    expect(bench.engineLost).toHaveLength(1);
  });

  it('fails the job that has done so before', async () => {
    const at = '2026-01-02T03:00:00.000Z';
    const lost = { number: 1, outcome: 'lost', reason: 'engine_lost', startedAt: at, endedAt: at } as const;
    const bench = aBench({
      job: { attempt: 2, attempts: [lost] },
      scripts: [fails(new EngineUnusableError('the server is gone'))],
    });

    expect(await bench.process()).toEqual({ kind: 'reject', code: 'engine_error' });
    expect((await bench.stored()).error).toMatchObject({ code: 'engine_error', retryable: false, attempt: 2 });
    expect(bench.engineLost).toHaveLength(1);
  });
});
