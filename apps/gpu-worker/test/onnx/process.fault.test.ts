import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { LogFields } from '@afterimage/telemetry';
import { silentLog } from '@afterimage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineProgress } from '../../src/engines/engine.ts';
import { aJobOf, collect, OnnxWorld, pixelsOf, textToImage } from './support.ts';

const world = new OnnxWorld();
/** A process that ends in the ways that prompts name, and answers the others with a picture. */
const FRAGILE = `
  const picture = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3) };
  process.on('message', ({ kind, order }) => {
    if (kind === 'stop') return;
    if (order.prompt === 'throw') throw new Error('out of paint');
    if (order.prompt === 'exit') process.exit(3);
    if (order.prompt === 'abort') process.abort();
    if (order.prompt === 'killed') process.kill(process.pid, 'SIGKILL');
    if (order.prompt === 'hang') { process.send({ kind: 'loaded' }, () => { for (;;); }); return; }
    process.send({ kind: 'done', picture, timings: { totalMs: 1, runMs: 1, loadMs: 0 } });
  });
  process.send({ kind: 'ready', version: 'fragile' });
`;
let fragile: URL;
beforeAll(() => {
  world.write('sd');
  world.write('slow', { channels: 64 });
  const file = join(world.folder, 'fragile.mjs');
  writeFileSync(file, FRAGILE);
  fragile = pathToFileURL(file);
});
afterAll(() => world.stop());

describe('a process that ends', () => {
  it.each([
    ['throw', 'exit code 1', 'out of paint'],
    ['exit', 'exit code 3', ''],
    ['abort', 'SIGABRT', ''],
    ['killed', 'SIGKILL), most likely for want of memory', ''],
  ])('by "%s" fails the job as retryable, and the next job has another', async (prompt, how, said) => {
    const lines: [string, LogFields | undefined][] = [];
    const log = { ...silentLog, error: (message: string, fields?: LogFields) => void lines.push([message, fields]) };
    const engine = world.engine({ processUrl: fragile, log });
    await expect(collect(engine, aJobOf(textToImage({ prompt })))).rejects.toMatchObject({
      name: 'EngineError',
      code: 'engine_error',
      isRetryable: true,
      message: expect.stringContaining(how),
    });
    expect(lines.map(([message]) => message)).toEqual(['inference process ended']);
    expect(lines[0]?.[1]).toMatchObject({ stderr: expect.stringContaining(said) });
    expect((await collect(engine, aJobOf(textToImage()))).images).toHaveLength(1);
  });

  it('before it is ready makes the engine not ready, with an error', async () => {
    const engine = world.engine({ processUrl: pathToFileURL(join(world.folder, 'missing.mjs')) });
    await expect(engine.probe(new AbortController().signal)).rejects.toMatchObject({ code: 'engine_error' });
  });
});

describe('the process itself', () => {
  const file = fileURLToPath(new URL('../../src/engines/onnx/onnx-process.ts', import.meta.url));
  const settings = JSON.stringify({ threads: 1, providers: ['cpu'], memoryBytes: 1, decodeBytes: 1 });

  it('ends when its worker is gone, and not by the signals that are for the worker', async () => {
    const child = fork(file, [settings], { serialization: 'advanced', execArgv: [] });
    const [ready] = await once(child, 'message');
    expect(ready).toMatchObject({ kind: 'ready' });
    child.kill('SIGTERM');
    child.kill('SIGINT');
    child.send({ kind: 'paint', directory: '/nowhere', order: {} });
    const [reply] = await once(child, 'message');
    expect(reply).toMatchObject({ kind: 'failed', message: '/nowhere/model_index.json: the file is missing' });
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

describe('an abort', () => {
  it('ends the picture at the next step, and leaves the process and its models', async () => {
    const engine = world.engine();
    const whole = await pixelsOf(engine, aJobOf(textToImage()));
    const abort = new AbortController();
    const reason = new Error('canceled');
    const seen: number[] = [];
    const onProgress = ({ phase, step }: EngineProgress) => {
      if (phase === 'inferring') seen.push(step);
      if (step === 2) abort.abort(reason);
    };
    const job = aJobOf(textToImage({ steps: 150 }));
    await expect(collect(engine, job, { signal: abort.signal, onProgress })).rejects.toBe(reason);
    expect(seen).toEqual([0, 1, 2]);
    const { progress, images } = await collect(engine, aJobOf(textToImage()));
    expect(images.map(({ pixels }) => pixels.data)).toEqual(whole);
    expect(progress).toHaveLength(5);
  });

  it('kills the process in the midst of a step that lasts too long', async () => {
    const engine = world.engine({ stopGraceMs: 20 });
    const abort = new AbortController();
    const reason = new Error('lease lost');
    const onProgress = ({ phase }: EngineProgress) => {
      if (phase === 'inferring') abort.abort(reason);
    };
    // A step of this picture takes seconds.
    const job = aJobOf(textToImage({ width: 1024, height: 1024 }), { model: 'slow' });
    const startMs = performance.now();
    await expect(collect(engine, job, { signal: abort.signal, onProgress })).rejects.toBe(reason);
    expect(performance.now() - startMs).toBeLessThan(5000);
    expect((await collect(engine, aJobOf(textToImage()))).images).toHaveLength(1);
  });

  it('kills a process that does not listen at all', async () => {
    const engine = world.engine({ processUrl: fragile, stopGraceMs: 20 });
    const abort = new AbortController();
    const onProgress = ({ phase }: EngineProgress) => {
      if (phase === 'inferring') abort.abort(new Error('drain'));
    };
    await expect(
      collect(engine, aJobOf(textToImage({ prompt: 'hang' })), { signal: abort.signal, onProgress }),
    ).rejects.toThrow('drain');
    expect((await collect(engine, aJobOf(textToImage()))).images).toHaveLength(1);
  });

  it('before the beginning begins nothing', async () => {
    const engine = world.engine({ processUrl: fragile });
    await expect(collect(engine, aJobOf(textToImage()), { signal: AbortSignal.abort('too late') })).rejects.toBe(
      'too late',
    );
  });
});

describe('a reset', () => {
  it('ends a run that goes on, and leaves an idle process alone', async () => {
    const engine = world.engine({ processUrl: fragile });
    const { signal } = new AbortController();
    await engine.reset(signal);
    const begun = Promise.withResolvers<void>();
    const onProgress = ({ phase }: EngineProgress) => void (phase === 'inferring' && begun.resolve());
    const run = collect(engine, aJobOf(textToImage({ prompt: 'hang' })), { onProgress });
    await begun.promise;
    await Promise.all([expect(run).rejects.toMatchObject({ code: 'engine_error' }), engine.reset(signal)]);
    expect((await collect(engine, aJobOf(textToImage()))).images).toHaveLength(1);
  });

  it('is of no use after the close', async () => {
    const engine = world.engine({ processUrl: fragile });
    await engine.close();
    const { signal } = new AbortController();
    expect(await engine.probe(signal)).toMatchObject({ alive: false, ready: false });
    await expect(collect(engine, aJobOf(textToImage()))).rejects.toMatchObject({ code: 'engine_error' });
  });

  it('comes to the receiver of pictures as its own error', async () => {
    const engine = world.engine();
    const onImage = () => Promise.reject(new Error('bucket gone'));
    await expect(collect(engine, aJobOf(textToImage()), { onImage })).rejects.toThrow('bucket gone');
    const onProgress = (): never => {
      throw new Error('deaf');
    };
    await expect(collect(engine, aJobOf(textToImage()), { onProgress })).rejects.toThrow('deaf');
    expect((await collect(engine, aJobOf(textToImage()))).images).toHaveLength(1);
  });
});
