import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Bench } from './engine-bench.ts';
import { aPicture, collect, collector, failureOf, startBench, VERSIONS } from './engine-bench.ts';

const open: Bench[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((bench) => bench.close()));
});

const LONG_MS = 60_000;
const graph = {
  1: { class_type: 'EmptyImage', inputs: { width: 8, height: 8, batch_size: 1, color: 1 } },
  2: { class_type: 'PreviewImage', inputs: { images: ['1', 0] } },
};

describe.each(VERSIONS)('the end of a run on an %s server', (version) => {
  async function bench(msPerPrompt = LONG_MS): Promise<Bench> {
    const started = await startBench({ version, msPerPrompt });
    open.push(started);
    return started;
  }

  it('interrupts the running workflow and rejects with the reason', async () => {
    const { fake, engine } = await bench();
    const abort = new AbortController();
    const { collected, run } = collector({ signal: abort.signal });
    const running = engine.run(aPicture(), run);
    await expect.poll(() => fake.executor.started.length).toBe(1);
    const reason = new Error('lease lost');
    abort.abort(reason);

    await expect(running).rejects.toBe(reason);
    await engine.reset(new AbortController().signal);
    expect([fake.executor.running, fake.executor.pending]).toEqual([undefined, []]);
    expect(collected.images).toEqual([]);
    fake.msPerPrompt = 0;
    expect((await collect(engine, aPicture())).images).toHaveLength(1);
  });

  it('takes a workflow out of the queue that has not started, and interrupts nobody', async () => {
    const { fake, engine } = await bench();
    fake.faults.deadExecutor = 1;
    const abort = new AbortController();
    const running = engine.run(aPicture(), collector({ signal: abort.signal }).run);
    await expect.poll(() => fake.executor.pending.length).toBe(1);
    abort.abort(new Error('canceled'));

    await expect(running).rejects.toThrow('canceled');
    expect(fake.executor.pending).toEqual([]);
    expect(fake.requests('POST /interrupt')).toBe(0);
  });

  it('does not begin when it is aborted already', async () => {
    const { fake, engine } = await bench();

    await expect(collect(engine, aPicture(), { signal: AbortSignal.abort('too late') })).rejects.toBe('too late');
    expect(fake.requests('POST /prompt')).toBe(0);
  });

  it('clears what another has left on the server before it begins', async () => {
    const { fake, engine } = await bench();
    const other = fake.enqueue({ graph, outputs: ['2'] });
    fake.enqueue({ graph, outputs: ['2'] });
    const { collected, run } = collector();
    // Theirs has begun, and takes a minute; ours will take no time.
    fake.msPerPrompt = 0;
    await engine.run(aPicture(), run);

    expect(collected.images).toHaveLength(1);
    expect(fake.executor.history.get(other)?.status.status_str).toBe('error');
    expect(fake.executor.started.map(({ clientId }) => clientId === 'another')).toEqual([true, false]);
  });

  it('ends with the error of the receiver, and makes no further image', async () => {
    const { fake, engine } = await bench(0);
    const gone = new Error('bucket gone');
    const run = collect(engine, aPicture({ images: 8, steps: 1 }), { onImage: () => Promise.reject(gone) });

    await expect(run).rejects.toBe(gone);
    await engine.reset(new AbortController().signal);
    expect(fake.executor.running).toBeUndefined();
    fake.msPerPrompt = 0;
    expect((await collect(engine, aPicture())).images).toHaveLength(1);
  });

  it('takes one job at a time, and none after its close', async () => {
    const { fake, engine } = await bench();
    const failed = failureOf(engine, aPicture());
    await expect.poll(() => fake.executor.started.length).toBe(1);
    await expect(collect(engine, aPicture())).rejects.toThrow('has a job already');
    await engine.close();

    expect((await failed).error).toHaveProperty('message', 'the ComfyUI engine is closed');
    await expect(collect(engine, { ...aPicture(), jobId: randomUUID() })).rejects.toThrow('is closed');
  });
});
