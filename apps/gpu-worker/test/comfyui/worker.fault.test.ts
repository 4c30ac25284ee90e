import type { JobRecord } from '@afterimage/job-schemas';
import { aTextToImageInput } from '@afterimage/testing';
import type { FakeComfyUi, FakeComfyUiOptions } from '@afterimage/testing/fake-comfyui';
import { startFakeComfyUi } from '@afterimage/testing/fake-comfyui';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkerWorld } from '../support/worker-world.ts';
import { startWorkerWorld } from '../support/worker-world.ts';
import { MODEL } from './engine-bench.ts';

let world: WorkerWorld;
const fakes: FakeComfyUi[] = [];

beforeEach(async () => {
  world = await startWorkerWorld();
});
afterEach(async () => {
  await world.endWorkers();
  await Promise.all(fakes.splice(0).map((fake) => fake.stop()));
  await world.stop();
});

const input = aTextToImageInput({ width: 64, height: 64, steps: 4 });
const isOver = ({ status, isAnnounced }: JobRecord) => (status === 'succeeded' || status === 'failed') && isAnnounced;

async function startServer(options: Omit<FakeComfyUiOptions, 'version'> = {}): Promise<FakeComfyUi> {
  const fake = await startFakeComfyUi({ version: 'new', ...options });
  fakes.push(fake);
  return fake;
}

function startWorker(fake: FakeComfyUi) {
  return world.startWorker('worker-1', { ENGINE: 'comfyui', ENGINE_URL: fake.url, ENGINE_POLL_INTERVAL_MS: '20' });
}

describe('a worker process with a ComfyUI server', () => {
  it('takes no job before the server is up, and loses none', async () => {
    const fake = await startServer({ slowStart: true });
    const worker = startWorker(fake);
    const { id } = await world.submit({ model: MODEL, input: { ...input, images: 2 } });
    await expect
      .poll(() => worker.lines.some(({ message }) => message === 'worker starts'), { timeout: 10_000 })
      .toBe(true);
    expect((await world.get(id)).status).toBe('queued');
    await fake.comeUp();

    const job = await world.until(id, isOver, 'the end of the job');
    expect(job).toMatchObject({ status: 'succeeded', attempts: [{ number: 1, outcome: 'succeeded' }] });
    expect(job.outputs.map(({ width, height, seed }) => [width, height, seed])).toEqual([
      [64, 64, input.seed],
      [64, 64, input.seed + 1],
    ]);
    expect(await world.checksums(job)).toEqual(job.outputs.map(({ sha256 }) => sha256));
  });

  it('reports a workflow that failed as failed, once it has failed twice', async () => {
    const fake = await startServer({ faults: { executionError: true } });
    const worker = startWorker(fake);
    const { id } = await world.submit({ model: MODEL, input });

    const job = await world.until(id, isOver, 'the end of the job');
    expect(job).toMatchObject({ status: 'failed', outputs: [], error: { code: 'engine_error', attempt: 2 } });
    expect(job.error?.message).toBe('node sampler (KSampler) failed with ValueError');
    expect(JSON.stringify(worker.lines)).not.toMatch(/secret|opt\/ComfyUI/);
    expect(await world.events(id)).toEqual(['job.failed']);
  });

  it('makes a job again that the server forgot in a restart', async () => {
    const fake = await startServer({ msPerPrompt: 100, faults: { restartMidJob: 1 } });
    startWorker(fake);
    const { id } = await world.submit({ model: MODEL, input });

    const job = await world.until(id, isOver, 'the end of the job');
    expect(job).toMatchObject({ status: 'succeeded', attempts: [{ outcome: 'failed' }, { outcome: 'succeeded' }] });
  });
});
