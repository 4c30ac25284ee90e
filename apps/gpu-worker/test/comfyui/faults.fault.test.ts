import { afterEach, describe, expect, it } from 'vitest';
import type { ComfyUiFault } from '@afterimage/testing/fake-comfyui';
import type { Bench } from './engine-bench.ts';
import { aPicture, aWorkflow, collect, collector, failureOf, fastTime, startBench, VERSIONS } from './engine-bench.ts';

const open: Bench[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((bench) => bench.close()));
});

const { signal: forever } = new AbortController();

describe.each(VERSIONS)('ComfyUiEngine and the faults of an %s server', (version) => {
  async function bench(
    fake: Omit<Parameters<typeof startBench>[0], 'version'> = {},
    options: Parameters<typeof startBench>[1] = {},
  ): Promise<Bench> {
    const started = await startBench({ version, ...fake }, options);
    open.push(started);
    return started;
  }

  it('fails a workflow that failed, though it "ended", and tells nothing of its inputs', async () => {
    const { engine } = await bench({ faults: { executionError: 1 } });
    const { error, images } = await failureOf(engine, aPicture());

    expect(error).toMatchObject({ code: 'engine_error', message: 'node sampler (KSampler) failed with ValueError' });
    expect(images).toBe(0);
    expect((await collect(engine, aPicture())).images).toHaveLength(1);
  });

  it('gives a job that found no memory another try, with the models unloaded, and no third one', async () => {
    const { fake, engine } = await bench({ faults: { oom: 2 } });

    const first = await failureOf(engine, aPicture());
    expect(first.error).toMatchObject({ code: 'out_of_memory', isRetryable: true });
    expect(fake.requests('POST /free')).toBe(1);
    const second = await failureOf(engine, { ...aPicture(), attempt: 2 });
    expect(second.error).toMatchObject({ code: 'out_of_memory', isRetryable: false });
  });

  it('is of no use any more after a CUDA error', async () => {
    const { fake, engine } = await bench({ faults: { cudaError: 1 } });

    const unusable = { name: 'EngineUnusableError', isBeforeJob: false };
    expect((await failureOf(engine, aPicture())).error).toMatchObject(unusable);
    await expect(engine.reset(forever)).rejects.toMatchObject(unusable);
    expect((await failureOf(engine, aPicture())).error).toMatchObject({ ...unusable, isBeforeJob: true });
    expect(await engine.probe(forever)).toMatchObject({ alive: true, ready: false });
    expect(fake.requests('POST /prompt')).toBe(1);
  });

  it('takes no black picture for a success', async () => {
    const { engine } = await bench({ faults: { nan: 2 } });

    for (const job of [aPicture(), aWorkflow()]) {
      const { error, images } = await failureOf(engine, job);
      expect(error).toMatchObject({ code: 'bad_output', isRetryable: false });
      expect(images).toBe(0);
    }
  });

  it.each<[ComfyUiFault, number]>([
    ['emptyView', 4],
    ['deletedOutputs', 4],
    ['missingOutputs', 1],
  ])('never takes %s for a success', async (fault, times) => {
    const { fake, engine } = await bench({ faults: { [fault]: times } });
    const { error, images } = await failureOf(engine, aPicture());

    expect(error).toMatchObject({ code: 'bad_output', isRetryable: true });
    expect(images).toBe(0);
    expect(fake.requests('GET /view')).toBe(fault === 'missingOutputs' ? 0 : 3);
  });

  it.each<ComfyUiFault>(['emptyView', 'deletedOutputs', 'brokenView'])(
    'fetches a file again after %s',
    async (fault) => {
      const { fake, engine } = await bench({ faults: { [fault]: 1 } });

      expect((await collect(engine, aPicture())).images).toHaveLength(1);
      expect(fake.requests('GET /view')).toBe(2);
    },
  );

  it('does not hang when the WebSocket is cut off, and listens again', async () => {
    const { fake, engine } = await bench({ msPerPrompt: 800, faults: { droppedWebSocket: 1 } });
    const { images, progress } = await collect(engine, aPicture({ steps: 8 }));

    expect(images).toHaveLength(1);
    expect(fake.sockets.opened).toBe(2);
    expect(progress.filter(({ step }) => step > 1)).not.toEqual([]);
  });

  it('does not hang, nor give up, when the WebSocket tells nothing', async () => {
    const { engine } = await bench({ msPerPrompt: 300, faults: { silentWebSocket: true } }, { silenceSeconds: 0.05 });

    expect((await collect(engine, aPicture())).images).toHaveLength(1);
  });

  it('interrupts a job that makes no progress, and is of no use when that does not help', async () => {
    const { fake, engine } = await bench(
      { msPerPrompt: 40, faults: { hang: 1 } },
      { time: fastTime(10), silenceSeconds: 4, loadSeconds: 60 },
    );
    const { error } = await failureOf(engine, aPicture());

    expect(error).toMatchObject({ code: 'engine_error', isRetryable: true, message: 'the workflow makes no progress' });
    expect(fake.requests('POST /interrupt')).toBe(1);
    await expect(engine.reset(forever)).rejects.toMatchObject({
      name: 'EngineUnusableError',
      message: 'ComfyUI is not idle 30 s after an interrupt',
    });
  });

  it('is of no use when nobody takes the workflow from the queue', async () => {
    const { fake, engine } = await bench({ faults: { deadExecutor: 1 } }, { silenceSeconds: 0.2 });

    expect((await failureOf(engine, aPicture())).error).toMatchObject({
      name: 'EngineUnusableError',
      message: 'ComfyUI takes no workflow from its queue: its executor is dead',
    });
    expect(fake.executor.pending).toEqual([]);
  });

  it('leaves a job to another try when the server forgot it, and makes the next', async () => {
    const { engine } = await bench({ msPerPrompt: 100, faults: { restartMidJob: 1 } });

    expect((await failureOf(engine, aPicture())).error).toMatchObject({ code: 'engine_error', isRetryable: true });
    await engine.reset(forever);
    expect((await collect(engine, aPicture())).images).toHaveLength(1);
  });

  it('never delivers the picture of another job under a name that is used again after a restart', async () => {
    const { fake, engine } = await bench();
    const first = await collect(engine, aPicture({ seed: 1 }));
    await fake.restart();
    const second = await collect(engine, aPicture({ seed: 2 }));

    expect(second.images[0]?.pixels.data).not.toEqual(first.images[0]?.pixels.data);
  });

  it('is of no use when the server is gone', async () => {
    const { fake, engine } = await bench({ msPerPrompt: 60_000 });
    const failed = failureOf(engine, aPicture());
    await expect.poll(() => fake.executor.started.length).toBe(1);
    await fake.stop();

    expect((await failed).error).toMatchObject({
      name: 'EngineUnusableError',
      message: 'ComfyUI is gone',
      isBeforeJob: false,
    });
    expect(await engine.probe(forever)).toMatchObject({ alive: false, ready: false });
  });

  it('leaves a job to another try that somebody else interrupted', async () => {
    const { engine } = await bench({ faults: { interruptedElsewhere: 1 } });

    expect((await failureOf(engine, aPicture())).error).toMatchObject({ code: 'engine_error', isRetryable: true });
  });

  it('runs a workflow once whose answer was lost', async () => {
    const { fake, engine } = await bench({ msPerPrompt: 100, faults: { lostAnswer: 1 } });

    expect((await collect(engine, aPicture())).images).toHaveLength(1);
    expect(fake.executor.started).toHaveLength(1);
    expect(fake.requests('POST /prompt')).toBe(1);
  });

  it('finds a workflow whose answer was lost after it has ended', async () => {
    const { fake, engine } = await bench({ faults: { lostAnswer: 1 } });

    expect((await collect(engine, aPicture())).images).toHaveLength(1);
    expect(fake.executor.started).toHaveLength(1);
  });

  it('sends a workflow again that never arrived', async () => {
    const { fake, engine } = await bench({ faults: { lostPrompt: 1 } });

    expect((await collect(engine, aPicture())).images).toHaveLength(1);
    expect(fake.executor.started).toHaveLength(1);
    expect(fake.requests('POST /prompt')).toBe(2);
  });

  it('loses nothing in a cold start', async () => {
    const { fake, engine } = await bench({ slowStart: true });
    const { collected, run } = collector();
    const running = engine.run(aPicture(), run);
    await expect.poll(() => collected.progress.length).toBe(1);
    expect(await engine.probe(forever)).toMatchObject({ alive: false, ready: false });
    await fake.comeUp();
    await running;

    expect(collected.images).toHaveLength(1);
  });

  it('gives up on a server that never comes up', async () => {
    const { engine } = await bench({ slowStart: true }, { startSeconds: 0.1 });

    expect((await failureOf(engine, aPicture())).error).toMatchObject({ name: 'EngineUnusableError' });
  });
});
