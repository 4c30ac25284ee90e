import { waitFor } from '@afterimage/testing';
import { afterEach, describe, expect, it } from 'vitest';
import type { EngineProgress } from '../src/engines/engine.ts';
import { aJobOf, anImage, aRun, collect, fastTime, imageToImage, SdWebuis, textToImage } from './support/sdwebui.ts';

const webuis = new SdWebuis();
afterEach(() => webuis.stop());

const { signal } = new AbortController();
const UPSCALE = { kind: 'upscale', input: { image: { uploadId: `upl_${'0'.repeat(26)}` }, scale: 2 } } as const;

describe('SdWebuiEngine', () => {
  it('waits with its job for a server that is not there yet', async () => {
    const { fake, engine } = await webuis.start({ dialect: 'a1111' });
    fake.inject('slowStart', 5);
    expect((await collect(engine, aJobOf(textToImage()))).images).toHaveLength(1);
    expect(fake.generations).toHaveLength(1);
  });

  it('waits with its job for a server that went away after the job before', async () => {
    const { fake, engine } = await webuis.start({ dialect: 'a1111' });
    await collect(engine, aJobOf(textToImage()));
    await fake.stop();
    const making = collect(engine, aJobOf(textToImage()));
    const again = await webuis.start({ dialect: 'a1111', port: Number(new URL(fake.url).port) });

    expect((await making).images).toHaveLength(1);
    expect(again.fake.generations).toHaveLength(1);
  });

  it('does not blame the job for a server that does not come back', async () => {
    const { fake, engine } = await webuis.start({ dialect: 'a1111' }, { time: fastTime, startSeconds: 10 });
    await collect(engine, aJobOf(textToImage()));
    await fake.stop();

    const away = { name: 'EngineUnusableError', isBeforeJob: true };
    await expect(collect(engine, aJobOf(textToImage()))).rejects.toMatchObject(away);
  });

  it('is not ready as long as there is no server, or no model', async () => {
    const { fake, engine } = await webuis.start({ dialect: 'sdnext' });
    fake.inject('slowStart');
    expect(await engine.probe(signal)).toMatchObject({ alive: false, ready: false });
    fake.heal('slowStart');
    fake.inject('noModel');
    expect(await engine.probe(signal)).toMatchObject({ alive: true, ready: false });
    fake.heal('noModel');
    expect(await engine.probe(signal)).toMatchObject({ alive: true, ready: true });
  });

  it('is of no use when its server could not load a model', async () => {
    const { fake, engine } = await webuis.start({ dialect: 'forge' });
    fake.inject('noModel');
    await expect(engine.probe(signal)).rejects.toMatchObject({ name: 'EngineUnusableError' });
  });

  it('gives the server up after the time of a start', async () => {
    const { fake, engine } = await webuis.start({ dialect: 'a1111' }, { time: fastTime, startSeconds: 10 });
    fake.inject('slowStart');
    await expect(collect(engine, aJobOf(textToImage()))).rejects.toMatchObject({
      name: 'EngineUnusableError',
      message: expect.stringContaining('10 s'),
      isBeforeJob: true,
    });
  });

  it('looks for a missing model again, and blames the server', async () => {
    const { fake, engine } = await webuis.start({ dialect: 'a1111' });
    fake.inject('modelMissing');
    const run = () => collect(engine, aJobOf(textToImage()));
    await expect(run()).rejects.toMatchObject({ code: 'model_load_failed', isRetryable: true });
    expect([fake.generations.length, fake.counts.get('refresh-checkpoints')]).toEqual([0, 1]);
    fake.heal('modelMissing');
    expect((await run()).images).toHaveLength(1);
  });

  it('takes a black picture of a black picture', async () => {
    const { fake, engine } = await webuis.start({ dialect: 'a1111' });
    fake.inject('nan');
    const black = new Map([['image', await anImage(64, 64, 'black')]]);
    expect((await collect(engine, aJobOf(UPSCALE, { inputs: black }))).images).toHaveLength(1);
    const noise = new Map([['image', await anImage(64, 64)]]);
    await expect(collect(engine, aJobOf(UPSCALE, { inputs: noise }))).rejects.toMatchObject({ code: 'bad_output' });
  });

  it('refuses what is wrong with a job before it asks for anything', async () => {
    const { fake, engine } = await webuis.start({ dialect: 'a1111' });
    const image = await anImage(64, 64);
    const masked = imageToImage({ mask: { uploadId: `upl_${'0'.repeat(26)}` } });
    const smallMask = new Map([
      ['image', image],
      ['mask', await anImage(32, 64)],
    ]);
    const upscale = { ...UPSCALE, input: { ...UPSCALE.input, upscaler: 'none such' } };
    const jobs = [
      [aJobOf(masked, { inputs: smallMask }), 'mask is 32x64'],
      [aJobOf(imageToImage()), '"image" is missing'],
      [aJobOf(upscale, { inputs: new Map([['image', image]]) }), 'no upscaler "none such"'],
      [aJobOf({ kind: 'workflow', input: { workflow: {}, images: {} } }), 'no workflows'],
    ] as const;
    for (const [job, message] of jobs) {
      await expect(engine.run(job, aRun())).rejects.toMatchObject({
        code: 'input_invalid',
        isRetryable: false,
        message: expect.stringContaining(message),
      });
    }
    expect(fake.generations).toHaveLength(0);
  });

  it('does not begin a job that is aborted already', async () => {
    const { fake, engine } = await webuis.start({ dialect: 'a1111' });
    const run = collect(engine, aJobOf(textToImage()), { signal: AbortSignal.abort(new Error('too late')) });
    await expect(run).rejects.toThrow('too late');
    expect(fake.generations).toHaveLength(0);
  });

  it('leaves a run alone when the one before it is reset', async () => {
    const { fake, engine } = await webuis.start({ dialect: 'a1111', msPerImage: 100 });
    const run = collect(engine, aJobOf(textToImage()));
    await waitFor(() => fake.isBusy);
    await engine.reset(signal);
    expect((await run).images).toHaveLength(1);
    expect(fake.counts.has('interrupt')).toBe(false);
  });

  it('fails with the error of whoever receives its progress or images', async () => {
    const { engine } = await webuis.start({ dialect: 'a1111', msPerImage: 200 });
    const job = aJobOf(textToImage({ steps: 50 }));
    const onProgress = ({ phase }: EngineProgress): void => {
      if (phase === 'inferring') throw new Error('deaf');
    };
    await expect(collect(engine, job, { onProgress })).rejects.toThrow('deaf');
    await engine.reset(signal);
    const onImage = () => Promise.reject(new Error('bucket gone'));
    await expect(collect(engine, job, { onImage })).rejects.toThrow('bucket gone');
  });

  it('ends its run when it is closed', async () => {
    const { fake, engine } = await webuis.start({ dialect: 'a1111', msPerImage: 60_000 });
    const run = collect(engine, aJobOf(textToImage()));
    run.catch(() => undefined);
    await waitFor(() => fake.isBusy);
    await engine.close();
    await expect(run).rejects.toMatchObject({ code: 'engine_error', message: 'the engine is closed' });
    await expect(collect(engine, aJobOf(textToImage()))).rejects.toThrow('the engine is closed');
  });
});
