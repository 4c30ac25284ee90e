import { applyChange, cancel, forceCancel } from '@afterimage/job-core';
import { aTextToImageInput, deferred } from '@afterimage/testing';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { aBench } from '../test/support/bench.ts';
import type { Script } from '../test/support/fake-engine.ts';
import { anImage, fails, paints, paintsWhen } from '../test/support/fake-engine.ts';
import { pass, untilSettled } from '../test/support/fake-time.ts';
import { EngineError } from './engines/engine-error.ts';

describe('a job that succeeds', () => {
  it('ends with outputs, progress, timings and a closed attempt', async () => {
    const bench = aBench({ job: { input: aTextToImageInput({ images: 2 }) } });

    const outcome = await bench.process();

    expect(outcome).toEqual({ kind: 'done' });
    const job = await bench.stored();
    expect(job).toMatchObject({ status: 'succeeded', phase: null, isAnnounced: true, dueAt: null, leaseOwner: null });
    expect(job.progress).toMatchObject({ fraction: 1, image: 2, images: 2, etaSeconds: 0 });
    expect(job.timings).toEqual({ queuedMs: 0, modelLoadMs: null, inferenceMs: 0, uploadMs: 0 });
    expect(job.attempts).toMatchObject([{ number: 1, outcome: 'succeeded', reason: null }]);
    expect(job.outputs.map(({ key, seed }) => ({ key, seed }))).toEqual([
      { key: `outputs/tenant-1/${job.id}/1/0.png`, seed: 42 },
      { key: `outputs/tenant-1/${job.id}/1/1.png`, seed: 43 },
    ]);
    expect(bench.engine.resets).toBe(0);
  });

  it('stores each image with its checksum before the record names it', async () => {
    const bench = aBench();

    await bench.process();

    const [output] = (await bench.stored()).outputs;
    const object = bench.outputs.objects.get(output?.key ?? '');
    expect(object?.sha256).toBe(
      createHash('sha256')
        .update(object?.body ?? '')
        .digest('hex'),
    );
    expect(output).toMatchObject({ sha256: object?.sha256, bytes: object?.body.byteLength, contentType: 'image/png' });
  });

  it('announces the success once, and the start only to a webhook that asks for it', async () => {
    const url = 'https://example.com/hook';
    const plain = aBench({ job: { webhook: { url, events: ['job.succeeded'] } } });
    const asking = aBench({ job: { webhook: { url, events: ['job.started', 'job.succeeded'] } } });

    await plain.process();
    await asking.process();

    expect(plain.events.published.map(({ type }) => type)).toEqual(['job.succeeded']);
    expect(asking.events.published.map(({ type }) => type)).toEqual(['job.started', 'job.succeeded']);
  });

  it('goes through the phases that the engine tells of', async () => {
    const gate = deferred();
    const loads: Script = async (job, run) => {
      run.onProgress({ phase: 'loading_model', image: 1, images: 1, step: 0, steps: 20 });
      await gate.promise;
      await paints(job, run);
    };
    const bench = aBench({ scripts: [loads] });

    const processing = bench.process();
    await pass(bench.clock, 3000);
    const during = await bench.stored();
    gate.resolve();
    await processing;

    expect(during.phase).toBe('loading_model');
    expect((await bench.stored()).timings.modelLoadMs).toBe(3000);
  });

  it('writes progress with the heartbeat, with the time that is left', async () => {
    const slow: Script = async (job, run) => {
      for (let step = 1; step <= 20; step++) {
        run.onProgress({ phase: 'inferring', image: 1, images: 1, step, steps: 20 });
        await new Promise<void>((resolve) => void bench.clock.schedule(1000, resolve));
      }
      await run.onImage(anImage());
    };
    const bench = aBench({ scripts: [slow] });

    const processing = bench.process();
    await pass(bench.clock, 10_000);

    expect((await bench.stored()).progress).toMatchObject({ step: 10, fraction: 0.5, etaSeconds: 10 });
    await untilSettled(bench.clock, processing);
  });
});

describe('a job that fails', () => {
  it('is queued again under a new claim check when the failure can be retried', async () => {
    const bench = aBench({
      scripts: [fails(new EngineError('out_of_memory', 'no memory left', { isRetryable: true }))],
    });

    const outcome = await bench.process();

    expect(outcome).toEqual({ kind: 'retry', code: 'out_of_memory' });
    expect(await bench.stored()).toMatchObject({
      status: 'queued',
      attempt: 2,
      failures: 1,
      isPublished: true,
      token: null,
      error: { code: 'out_of_memory', message: 'no memory left', attempt: 1, retryable: true },
    });
    expect(bench.publisher.published.map(({ message }) => message.attempt)).toEqual([2]);
    expect(bench.engine.resets).toBe(1);
    expect(bench.events.published).toEqual([]);
  });

  it('fails for good, and says so, when no attempt is left', async () => {
    const policy = { ...aBench().job.policy, maxAttempts: 1 };
    const bench = aBench({ job: { policy }, scripts: [fails(new TypeError('a bug'))] });

    const outcome = await bench.process();

    expect(outcome).toEqual({ kind: 'reject', code: 'internal' });
    expect(await bench.stored()).toMatchObject({
      status: 'failed',
      isAnnounced: true,
      error: { code: 'internal', message: 'the worker failed' },
    });
    expect(bench.events.published.map(({ type }) => type)).toEqual(['job.failed']);
  });

  it('fails at once when the failure is permanent', async () => {
    const bench = aBench({
      scripts: [fails(new EngineError('input_invalid', 'no such sampler', { isRetryable: false }))],
    });

    expect(await bench.process()).toEqual({ kind: 'reject', code: 'input_invalid' });
    expect(bench.publisher.published).toEqual([]);
  });

  it('is stopped when it takes longer than its policy allows', async () => {
    const policy = { ...aBench().job.policy, executionTimeoutSeconds: 5 };
    const bench = aBench({ job: { policy }, scripts: [paintsWhen(new Promise(() => undefined))] });

    const outcome = await untilSettled(bench.clock, bench.process(), 5500);

    expect(outcome).toEqual({ kind: 'reject', code: 'execution_timeout' });
    expect((await bench.stored()).error).toMatchObject({
      code: 'execution_timeout',
      stage: 'inferring',
      retryable: false,
    });
  });

  it('counts images that the engine did not make', async () => {
    const bench = aBench({ scripts: [() => Promise.resolve()] });

    expect(await bench.process()).toEqual({ kind: 'retry', code: 'bad_output' });
  });

  it('is retried when an image cannot be stored, after a few tries', async () => {
    let tries = 0;
    const bench = aBench();
    const outputs = {
      ...bench.outputs,
      put: () => Promise.reject(new Error(`try ${++tries}`)),
      exists: async () => false,
      signUrl: async () => ({ url: '', credentialsEndAt: null }),
    };

    const outcome = await untilSettled(bench.clock, bench.process({ outputs }));

    expect(outcome).toEqual({ kind: 'retry', code: 'output_upload_failed' });
    expect(tries).toBe(4);
    expect((await bench.stored()).outputs).toEqual([]);
  });

  it('succeeds when an upload does so at a later try', async () => {
    const bench = aBench();
    let tries = 0;
    const put = async (...upload: Parameters<typeof bench.outputs.put>) => {
      if (++tries < 4) throw new Error('the bucket is away');
      await bench.outputs.put(...upload);
    };
    const outputs = { put, exists: async () => false, signUrl: async () => ({ url: '', credentialsEndAt: null }) };

    expect(await untilSettled(bench.clock, bench.process({ outputs }))).toEqual({ kind: 'done' });
  });

  it('takes no further job when the engine does not come back to idle', async () => {
    const bench = aBench({ scripts: [fails(new Error('a bug'))] });
    bench.engine.onReset = () => new Promise(() => undefined);

    expect(await untilSettled(bench.clock, bench.process())).toEqual({ kind: 'retry', code: 'internal' });
    expect(bench.engineLost).toHaveLength(1);
  });

  it('is given up on when the engine goes on after its interruption', async () => {
    const policy = { ...aBench().job.policy, executionTimeoutSeconds: 5 };
    const bench = aBench({ job: { policy }, scripts: [() => new Promise(() => undefined)] });

    expect(await untilSettled(bench.clock, bench.process(), 16_000)).toEqual({
      kind: 'reject',
      code: 'execution_timeout',
    });
  });
});

describe('a job that is canceled while it runs', () => {
  it('stops within a heartbeat and is canceled', async () => {
    const bench = aBench({ scripts: [paintsWhen(new Promise(() => undefined))] });
    const processing = bench.process();
    await bench.engine.started.promise;
    await pass(bench.clock, 1000);

    const change = cancel(await bench.stored(), bench.clock.now());
    if (change !== undefined) await bench.jobs.change(bench.job.id, change);
    const outcome = await untilSettled(bench.clock, processing, 2000);

    expect(outcome).toEqual({ kind: 'canceled' });
    expect(await bench.stored()).toMatchObject({ status: 'canceled', outputs: [], isAnnounced: true });
    expect(bench.engine.resets).toBe(1);
  });

  it('succeeds when the outputs were there first', async () => {
    const gate = deferred();
    const bench = aBench({ scripts: [paintsWhen(gate.promise)] });
    const processing = bench.process();
    await bench.engine.started.promise;

    const change = cancel(await bench.stored(), bench.clock.now());
    if (change !== undefined) await bench.jobs.change(bench.job.id, change);
    gate.resolve();

    expect(await processing).toEqual({ kind: 'done' });
    expect((await bench.stored()).status).toBe('succeeded');
  });

  it('is acknowledged when the engine fails before the heartbeat tells of it', async () => {
    const gate = deferred();
    const bench = aBench({ scripts: [paintsWhen(gate.promise)] });
    const processing = bench.process();
    await bench.engine.started.promise;

    const change = cancel(await bench.stored(), bench.clock.now());
    if (change !== undefined) await bench.jobs.change(bench.job.id, change);
    gate.reject(new EngineError('engine_error', 'broken', { isRetryable: true }));

    expect(await processing).toEqual({ kind: 'canceled' });
    expect(bench.publisher.published).toEqual([]);
  });

  it('is let go when the cancellation was forced meanwhile', async () => {
    const bench = aBench({ scripts: [paintsWhen(new Promise(() => undefined))] });
    const processing = bench.process();
    await bench.engine.started.promise;
    const canceling = cancel(await bench.stored(), bench.clock.now());
    if (canceling !== undefined) await bench.jobs.change(bench.job.id, canceling);
    const later = new Date(bench.clock.now().getTime() + 60_000);
    expect(applyChange(await bench.stored(), forceCancel(bench.job, later))).toBeDefined();
    await bench.jobs.change(bench.job.id, forceCancel(bench.job, later));

    expect((await untilSettled(bench.clock, processing)).kind).toBe('abandon');
    expect((await bench.stored()).status).toBe('canceled');
  });
});
