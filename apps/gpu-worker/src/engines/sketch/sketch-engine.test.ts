import { acceptedInputSchemas, type TextToImageInput } from '@afterimage/job-schemas';
import { afterEach, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import type { EngineImage, EngineProgress, EngineRun } from '../engine.ts';
import { SketchEngine } from './sketch-engine.ts';

const threadUrl = new URL('./sketch-thread.ts', import.meta.url);
/** A thread that dies of some prompts and answers the others with an empty picture. */
const fragileThreadUrl = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', ({ order: { scene: { prompt, width, height } } }) => {
      if (prompt === 'throw') throw new Error('out of paint');
      if (prompt === 'exit') process.exit(3);
      parentPort.postMessage({ kind: 'done', picture: { width, height, data: new Uint8Array(width * height * 3) } });
    });
  `)}`,
);

const engines: SketchEngine[] = [];
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});

function anEngine(options: Partial<ConstructorParameters<typeof SketchEngine>[0]> = {}): SketchEngine {
  const engine = new SketchEngine({ threadUrl, msPerStep: 0, ...options });
  engines.push(engine);
  return engine;
}

function aJob(input: Partial<TextToImageInput> = {}) {
  const whole = { prompt: 'a cat', seed: 9, width: 64, height: 64, steps: 3, ...input };
  const request = { kind: 'text-to-image', input: acceptedInputSchemas['text-to-image'].parse(whole) } as const;
  return { jobId: 'job_1', attempt: 1, model: 'sketch-1', request, inputs: new Map<string, never>() };
}

async function collect(engine: SketchEngine, input: Partial<TextToImageInput> = {}, run: Partial<EngineRun> = {}) {
  const progress: EngineProgress[] = [];
  const images: EngineImage[] = [];
  await engine.run(aJob(input), {
    signal: new AbortController().signal,
    onProgress: (event) => progress.push(event),
    onImage: async (image) => void images.push(image),
    ...run,
  });
  return { progress, images };
}

describe('SketchEngine', () => {
  it('is ready and has one model', async () => {
    const { signal } = new AbortController();
    const engine = anEngine();
    expect(await engine.probe(signal)).toMatchObject({ alive: true, ready: true });
    expect(await engine.listModels(signal)).toEqual([{ id: 'sketch-1', tasks: ['text-to-image'] }]);
    await engine.close();
    expect(await engine.probe(signal)).toMatchObject({ alive: false, ready: false });
  });

  it('hands over raw pixels in order, each image with its own seed', async () => {
    const { images } = await collect(anEngine(), { images: 3, seed: 2 ** 32 - 2, width: 72 });
    expect(
      images.map(({ index, seed, width, height, pixels }) => [
        index,
        seed,
        width,
        height,
        pixels.kind,
        pixels.data.length,
      ]),
    ).toEqual([2 ** 32 - 2, 2 ** 32 - 1, 0].map((seed, index) => [index, seed, 72, 64, 'raw-rgb', 72 * 64 * 3]));
    expect(images[0]?.software).toContain('not a diffusion model');
    expect(images[0]?.pixels.data).not.toEqual(images[1]?.pixels.data);
  });

  it('tells of loading first and then of every step', async () => {
    const { progress } = await collect(anEngine(), { images: 2 });
    expect(progress.map(({ phase, image, step }) => `${phase} ${image} ${step}`)).toEqual([
      'loading_model 1 0',
      ...[0, 1, 2, 3].map((step) => `inferring 1 ${step}`),
      ...[0, 1, 2, 3].map((step) => `inferring 2 ${step}`),
    ]);
    expect(progress.every(({ steps, images }) => steps === 3 && images === 2)).toBe(true);
  });

  it('waits for the receiver of an image before it starts the next', async () => {
    const events: string[] = [];
    const taken = Promise.withResolvers<void>();
    const run = collect(
      anEngine(),
      { images: 2, steps: 1 },
      {
        onProgress: ({ image, step }) => events.push(`${image}/${step}`),
        onImage: async ({ index }) => {
          events.push(`image ${index}`);
          if (index === 0) await taken.promise;
          events.push(`taken ${index}`);
        },
      },
    );
    await expect.poll(() => events, { timeout: 20_000 }).toContain('image 0');
    expect(events).toEqual(['1/0', '1/0', '1/1', 'image 0']);
    taken.resolve();
    await run;
    expect(events.slice(4)).toEqual(['taken 0', '2/0', '2/1', 'image 1', 'taken 1']);
  });

  it('gives the same bytes twice, and from another thread', async () => {
    const engine = anEngine();
    const [first, again, elsewhere] = [await collect(engine), await collect(engine), await collect(anEngine())];
    expect(again.images[0]?.pixels.data).toEqual(first.images[0]?.pixels.data);
    expect(elsewhere.images[0]?.pixels.data).toEqual(first.images[0]?.pixels.data);
  });

  it('shows a small JPEG when one is due', async () => {
    const over = new AbortController();
    const shown: EngineProgress[] = [];
    const run = collect(
      anEngine({ msPerStep: 100 }),
      { width: 1024, height: 512, steps: 150 },
      {
        signal: over.signal,
        isPreviewDue: () => shown.length === 0,
        onProgress(event) {
          if (event.preview === undefined) return;
          shown.push(event);
          over.abort(new Error('seen'));
        },
      },
    );
    await expect(run).rejects.toThrow('seen');
    const preview = shown[0]?.preview;
    expect(shown).toHaveLength(1);
    expect(preview?.contentType).toBe('image/jpeg');
    expect(await sharp(preview?.data).metadata()).toMatchObject({ format: 'jpeg', width: 512, height: 256 });
  });

  it('shows none that is not wanted', async () => {
    const { progress } = await collect(anEngine({ msPerStep: 1 }));
    expect(progress.filter(({ preview }) => preview !== undefined)).toEqual([]);
  });

  it('ends the wait for the next step when it is aborted', async () => {
    const abort = new AbortController();
    const reason = new Error('lease lost');
    const seen: number[] = [];
    // The second step would take a minute.
    const run = collect(
      anEngine({ msPerStep: 60_000 }),
      { steps: 2 },
      { signal: abort.signal, onProgress: ({ step }) => seen.push(step) },
    );
    await expect.poll(() => seen, { timeout: 20_000 }).toEqual([0, 0]);
    abort.abort(reason);
    await expect(run).rejects.toBe(reason);
    expect(seen).toEqual([0, 0]);
  });

  it('stops in the midst of a large picture, tells nothing more, and paints the next', async () => {
    const engine = anEngine();
    const abort = new AbortController();
    const reason = new Error('canceled');
    const seen: number[] = [];
    const onProgress = ({ step }: EngineProgress): void => {
      seen.push(step);
      if (step === 2) abort.abort(reason);
    };
    const input = { width: 2048, height: 2048, steps: 30 };
    await expect(collect(engine, input, { signal: abort.signal, onProgress })).rejects.toBe(reason);
    expect(seen.at(-1)).toBe(2);
    expect((await collect(engine)).images).toHaveLength(1);
  });

  it('does not begin when it is aborted already', async () => {
    await expect(collect(anEngine(), {}, { signal: AbortSignal.abort('too late') })).rejects.toBe('too late');
  });

  it.each(['throw', 'exit'])(
    'fails as retryable when the thread dies (%s), and paints with a fresh one',
    async (prompt) => {
      const engine = anEngine({ threadUrl: fragileThreadUrl });
      await expect(collect(engine, { prompt })).rejects.toMatchObject({
        name: 'EngineError',
        code: 'engine_error',
        isRetryable: true,
      });
      expect((await collect(engine)).images).toHaveLength(1);
    },
  );

  it('fails with the error of the receiver', async () => {
    const engine = anEngine();
    await expect(collect(engine, {}, { onImage: () => Promise.reject(new Error('bucket gone')) })).rejects.toThrow(
      'bucket gone',
    );
    const onProgress = (): never => {
      throw new Error('deaf');
    };
    await expect(collect(engine, {}, { onProgress })).rejects.toThrow('deaf');
    expect((await collect(engine)).images).toHaveLength(1);
  });

  it('is idle again after a reset in the midst of a run', async () => {
    const engine = anEngine({ msPerStep: 60_000 });
    const seen: number[] = [];
    const run = collect(engine, {}, { onProgress: ({ step }) => seen.push(step) });
    await expect.poll(() => seen, { timeout: 20_000 }).toEqual([0, 0]);
    const reset = engine.reset(new AbortController().signal);
    await expect(run).rejects.toMatchObject({ code: 'engine_error' });
    await reset;
    const next = new AbortController();
    const again = collect(engine, {}, { signal: next.signal, onProgress: ({ step }) => seen.push(step) });
    await expect.poll(() => seen, { timeout: 20_000 }).toEqual([0, 0, 0, 0]);
    next.abort(new Error('enough'));
    await expect(again).rejects.toThrow('enough');
  });

  it('refuses a model that it has not, a time that is none, and work after its close', async () => {
    const engine = anEngine();
    const other = { ...aJob(), model: 'sdxl' };
    const run = { signal: new AbortController().signal, onProgress: () => undefined, onImage: async () => undefined };
    await expect(engine.run(other, run)).rejects.toMatchObject({ code: 'model_load_failed', isRetryable: false });
    expect(() => new SketchEngine({ threadUrl, msPerStep: -1 })).toThrow(RangeError);
    await engine.close();
    await expect(collect(engine)).rejects.toMatchObject({ code: 'engine_error' });
  });
});
