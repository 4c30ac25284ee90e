import type { FakeFault } from '@afterimage/testing/fake-sdwebui';
import { waitFor } from '@afterimage/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { aJobOf, collect, fastTime, SdWebuis, textToImage } from './support/sdwebui.ts';

const webuis = new SdWebuis();
afterEach(() => webuis.stop());

const { signal } = new AbortController();

describe.each(['a1111', 'forge', 'sdnext'] as const)('SdWebuiEngine on a failing %s', (dialect) => {
  it.each<[FakeFault, object]>([
    ['emptyImages', { code: 'bad_output', isRetryable: true, message: expect.stringContaining('no images') }],
    ['fewerImages', { code: 'bad_output', isRetryable: true, message: expect.stringContaining('1 of 2 images') }],
    ['badInfo', { code: 'bad_output', isRetryable: true, cause: expect.any(SyntaxError) }],
    ['hugeInfo', { code: 'bad_output', isRetryable: false, message: expect.stringContaining('longer than') }],
    ['otherSeeds', { code: 'bad_output', isRetryable: true, message: expect.stringContaining('seeds') }],
    ['corruptImage', { code: 'bad_output', isRetryable: true, cause: expect.any(Error) }],
    [
      'wrongSize',
      { code: 'bad_output', isRetryable: false, message: expect.stringContaining('56x72 instead of 64x72') },
    ],
    ['nan', { code: 'bad_output', isRetryable: false, message: expect.stringContaining('one colour') }],
    ['nansException', { code: 'bad_output', isRetryable: false }],
    [
      'silentModelSwap',
      {
        code: 'model_load_failed',
        message: expect.stringMatching(/used the model (dreamshaper|879db523c3) instead of juggernaut/),
      },
    ],
    [
      'silentSamplerSwap',
      { code: 'engine_error', isRetryable: false, message: expect.stringContaining('instead of Euler a') },
    ],
    [
      'http500',
      {
        code: 'engine_error',
        isRetryable: true,
        message: expect.stringContaining('500 (RuntimeError)'),
        cause: { message: expect.stringContaining('mat1 and mat2') },
      },
    ],
    ['http429', { code: 'engine_error', isRetryable: true, message: expect.stringContaining('rate limit') }],
    ['oom', { code: 'out_of_memory', isRetryable: true }],
  ])('takes %s for a failure, and makes the next job', async (fault, failure) => {
    const { fake, engine } = await webuis.start({ dialect });
    fake.inject(fault, fault.startsWith('silent') ? undefined : 1);
    const job = aJobOf(textToImage({ images: 2 }), { model: 'juggernaut' });
    await expect(collect(engine, job)).rejects.toMatchObject({ name: 'EngineError', ...failure });
    expect(fake.generations).toHaveLength(1);
    fake.heal(fault);
    await engine.reset(signal);
    expect((await collect(engine, job)).images).toHaveLength(2);
    expect(fake.maxInFlight).toBe(1);
  });

  it('gives up a job that runs out of memory twice, and empties the memory in between', async () => {
    const { fake, engine } = await webuis.start({ dialect });
    fake.inject('oom');
    await expect(collect(engine, aJobOf(textToImage()))).rejects.toMatchObject({ isRetryable: true });
    expect(fake.counts.has('unload-checkpoint')).toBe(false);
    const second = aJobOf(textToImage(), { attempt: 2 });
    await expect(collect(engine, second)).rejects.toMatchObject({ code: 'out_of_memory', isRetryable: false });
    expect([fake.counts.get('unload-checkpoint'), fake.counts.get('reload-checkpoint')]).toEqual([1, 1]);
  });

  it('is of no use any more after a CUDA error that stays', async () => {
    const { fake, engine } = await webuis.start({ dialect });
    fake.inject('stickyCuda');
    const unusable = {
      name: 'EngineUnusableError',
      cause: { message: expect.stringContaining('illegal memory access') },
      isBeforeJob: false,
    };
    await expect(collect(engine, aJobOf(textToImage()))).rejects.toMatchObject(unusable);
    const next = { name: 'EngineUnusableError', cause: unusable, isBeforeJob: true };
    await expect(engine.reset(signal)).rejects.toMatchObject(next);
    await expect(engine.probe(signal)).rejects.toMatchObject(next);
    await expect(collect(engine, aJobOf(textToImage()))).rejects.toMatchObject(next);
    expect(fake.generations).toHaveLength(1);
  });

  it('stops for good when its credentials are refused, without asking again', async () => {
    const { fake, engine } = await webuis.start({ dialect, auth: 'worker:secret' }, { auth: 'worker:wrong' });
    await expect(engine.probe(signal)).rejects.toMatchObject({ name: 'EngineUnusableError' });
    await expect(collect(engine, aJobOf(textToImage()))).rejects.toMatchObject({ name: 'EngineUnusableError' });
    expect(fake.generations).toHaveLength(0);
  });

  it('sends its credentials with every request', async () => {
    const { engine } = await webuis.start({ dialect, auth: 'worker:a:b' }, { auth: 'worker:a:b' });
    expect(await engine.probe(signal)).toMatchObject({ ready: true });
    expect((await collect(engine, aJobOf(textToImage()))).images).toHaveLength(1);
  });

  it('asks once and interrupts once when a job is aborted in the midst', async () => {
    const { fake, engine } = await webuis.start({ dialect, msPerImage: 60_000 });
    const abort = new AbortController();
    const reason = new Error('canceled');
    const run = collect(engine, aJobOf(textToImage({ steps: 100 })), { signal: abort.signal });
    run.catch(() => undefined);
    await waitFor(() => fake.isBusy);
    abort.abort(reason);
    await expect(run).rejects.toBe(reason);
    await waitFor(() => !fake.isBusy);
    await engine.reset(signal);
    expect([fake.generations.length, fake.counts.get('interrupt')]).toEqual([1, 1]);
  });

  it('stops a job that was aborted before the server showed it', async () => {
    const { fake, engine } = await webuis.start({ dialect, msPerImage: 60_000 }, { time: fastTime });
    fake.inject('slowBegin', 1);
    const abort = new AbortController();
    const run = collect(engine, aJobOf(textToImage()), { signal: abort.signal });
    run.catch(() => undefined);
    await waitFor(() => fake.isBusy);
    abort.abort(new Error('canceled'));
    await expect(run).rejects.toThrow('canceled');
    await engine.reset(signal);
    expect(fake.isBusy).toBe(false);
  });

  it('sends a job once whose connection breaks, and stops it', async () => {
    const { fake, engine } = await webuis.start({ dialect, msPerImage: 60_000 });
    fake.inject('resetConnection', 1);
    await expect(collect(engine, aJobOf(textToImage()))).rejects.toMatchObject({
      name: 'EngineError',
      code: 'engine_error',
      isRetryable: true,
      cause: { code: 'ECONNRESET' },
    });
    await waitFor(() => !fake.isBusy);
    await engine.reset(signal);
    expect([fake.generations.length, fake.counts.get('interrupt')]).toEqual([1, 1]);
  });

  it('survives a restart of the server in the midst of a job', async () => {
    const { fake, engine } = await webuis.start({ dialect, msPerImage: 200 });
    fake.inject('restartMidJob', 1);
    await expect(collect(engine, aJobOf(textToImage()))).rejects.toMatchObject({
      code: 'engine_error',
      isRetryable: true,
    });
    await engine.reset(signal);
    expect((await collect(engine, aJobOf(textToImage()))).images).toHaveLength(1);
    expect(fake.generations).toHaveLength(2);
  });

  it('does not take an interrupted picture for a finished one', async () => {
    const { fake, engine } = await webuis.start({ dialect, msPerImage: 60_000 });
    const run = collect(engine, aJobOf(textToImage()));
    run.catch(() => undefined);
    await waitFor(() => fake.isBusy);
    await fetch(`${fake.url}/sdapi/v1/interrupt`, { method: 'POST' });
    await expect(run).rejects.toMatchObject({
      code: 'engine_error',
      isRetryable: true,
      message: expect.stringContaining('interrupted'),
    });
  });

  it('ends what another one left running before its own job', async () => {
    const { fake, engine } = await webuis.start({ dialect, msPerImage: 500 });
    const foreign = fetch(`${fake.url}/sdapi/v1/txt2img`, { method: 'POST', body: JSON.stringify({ n_iter: 100 }) });
    await waitFor(() => fake.isBusy);
    expect((await collect(engine, aJobOf(textToImage()))).images).toHaveLength(1);
    expect((await foreign).status).toBe(200);
    expect(fake.maxInFlight).toBe(1);
  });

  it('interrupts a job that shows no progress, and can go on', async () => {
    const { fake, engine } = await webuis.start({ dialect, msPerImage: 600_000 }, { time: fastTime });
    await expect(collect(engine, aJobOf(textToImage()))).rejects.toMatchObject({
      code: 'engine_error',
      isRetryable: true,
      message: expect.stringContaining('no progress for 30 seconds'),
    });
    expect(fake.isBusy).toBe(false);
    expect([fake.generations.length, fake.counts.get('interrupt')]).toEqual([1, 1]);
    await engine.reset(signal);
  });

  it('is of no use any more when an interrupt has no effect', async () => {
    const { fake, engine } = await webuis.start({ dialect }, { time: fastTime, loadSeconds: 3600 });
    fake.inject('hang');
    const wedged = { name: 'EngineUnusableError', message: expect.stringContaining('did not stop') };
    await expect(collect(engine, aJobOf(textToImage()))).rejects.toMatchObject(wedged);
    await expect(engine.reset(signal)).rejects.toMatchObject(wedged);
    expect(fake.generations).toHaveLength(1);
  });

  it('tells at the reset when an aborted job does not stop', async () => {
    const { fake, engine } = await webuis.start({ dialect }, { time: fastTime });
    fake.inject('hang');
    const abort = new AbortController();
    const run = collect(engine, aJobOf(textToImage()), { signal: abort.signal });
    run.catch(() => undefined);
    await waitFor(() => fake.isBusy);
    abort.abort(new Error('canceled'));
    await expect(run).rejects.toThrow('canceled');
    await expect(engine.reset(signal)).rejects.toMatchObject({ name: 'EngineUnusableError' });
    expect(fake.counts.get('interrupt')).toBeGreaterThan(1);
  });
});
