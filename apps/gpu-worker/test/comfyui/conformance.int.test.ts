import { randomUUID } from 'node:crypto';
import { silentLog } from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import { ComfyUiEngine } from '../../src/engines/comfyui/comfyui-engine.ts';
import { systemTime } from '../../src/system-time.ts';
import { anInput, aWorkflow, collect, failureOf } from './engine-bench.ts';

const url = process.env['COMFYUI_URL'];
if (url === undefined) {
  process.stdout.write('COMFYUI_URL is not set: the conformance run against a real ComfyUI is left out\n');
}

/** Needs no checkpoint and no GPU: `python main.py --cpu`. */
describe.runIf(url !== undefined)('a real ComfyUI', () => {
  const engine = new ComfyUiEngine({
    url: url ?? '',
    startSeconds: 60,
    loadSeconds: 60,
    silenceSeconds: 60,
    pollIntervalMs: 50,
    time: systemTime,
    newId: randomUUID,
    log: silentLog,
  });
  const scale = {
    class_type: 'ImageScale',
    inputs: { image: ['1', 0], upscale_method: 'lanczos', width: 96, height: 96, crop: 'disabled' },
  };
  const save = { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: 'x' } };

  it('is ready', async () => {
    const { signal } = new AbortController();
    expect(await engine.probe(signal)).toMatchObject({ alive: true, ready: true });
    await engine.reset(signal);
  });

  it('gives the pictures of a workflow, twice the same one too, and no previews', async () => {
    const job = aWorkflow({ 2: scale, 3: save });
    for (const each of [job, job]) {
      const { images } = await collect(engine, each);
      expect(images).toMatchObject([
        { index: 0, width: 96, height: 96, seed: null },
        { index: 1, width: 96, height: 96, seed: null },
      ]);
    }
  });

  it('loads the images of a job', async () => {
    const nodes = { 1: { class_type: 'LoadImage', inputs: { image: '{{cat}}' } }, 2: scale, 3: save };
    const { images } = await collect(engine, aWorkflow(nodes, { inputs: { cat: anInput(40, 30) } }));

    expect(images).toHaveLength(1);
  });

  it.each([
    [{ 9: { class_type: 'NoSuchNode', inputs: {} } }, 'node 9 (NoSuchNode)'],
    [{ 2: { ...scale, inputs: { ...scale.inputs, image: ['77', 0] } } }, 'node 2 (ImageScale), image'],
    [
      { 1: { class_type: 'EmptyImage', inputs: { width: 0, height: 64, batch_size: 1, color: 0 } } },
      'node 1 (EmptyImage), width',
    ],
  ])('names what is wrong with a workflow: %j', async (nodes, message) => {
    const { error } = await failureOf(engine, aWorkflow(nodes));

    expect(error).toMatchObject({ code: 'workflow_invalid', isRetryable: false });
    expect(error).toHaveProperty('message', expect.stringContaining(message));
  });

  it('fails a workflow that runs out of memory', async () => {
    const inputs = { width: 16_384, height: 16_384, batch_size: 512, color: 1 };
    const { error } = await failureOf(engine, aWorkflow({ 1: { class_type: 'EmptyImage', inputs } }));

    expect(error).toMatchObject({ code: 'out_of_memory' });
  });
});
