import { parsePools } from '@afterimage/app-config';
import { makeAcceptJob } from '@afterimage/job-commands';
import { erase } from '@afterimage/job-core';
import { legacyJobId } from '@afterimage/job-schemas';
import { aJobRecord, FakeClock, InMemoryJobStore, InMemoryUploadStore, silentLog } from '@afterimage/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { aRequestFor, CONTEXT } from '../../test/bench.ts';
import { makeSubmitTask } from './submit-task.ts';
import { makeTaskRoutes } from './task-routes.ts';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg==';
const CAT = 'https://example.com/cat.png?X-Amz-Signature=secret';
const SAMPLED = ['text-to-image', 'image-to-image', 'upscale'] as const;

const pools = parsePools(
  JSON.stringify({
    pools: [
      {
        name: 'sdruntime',
        engine: 'sdwebui',
        models: [
          { id: 'sdxl', tasks: SAMPLED, limits: { maxSteps: 50 } },
          { id: 'v2-1_768-ema-pruned', tasks: SAMPLED },
        ],
      },
      { name: 'comfy', engine: 'comfyui', models: [{ id: 'dreamshaper', tasks: [...SAMPLED, 'workflow'] }] },
      { name: 'local', engine: 'sketch', models: [{ id: 'sketch-1', tasks: ['text-to-image'] }] },
    ],
  }),
  'pools.json',
);

function setUp() {
  const jobs = new InMemoryJobStore();
  const uploads = new InMemoryUploadStore();
  const done = () => Promise.resolve();
  const queue = { take: done, giveBack: done };
  const routes = makeTaskRoutes({
    submitTask: makeSubmitTask({
      uploads,
      acceptJob: makeAcceptJob({ jobs, queue, enqueue: done, announce: done, log: silentLog }),
      pools,
      now: new FakeClock().now,
      newSeed: () => 7,
    }),
    outputBucket: 'outputs',
    apiUrl: 'https://api.example.com',
  });
  return { jobs, uploads, routes };
}

let world: ReturnType<typeof setUp>;
beforeEach(() => {
  world = setUp();
});

function post(path: '/v1alpha1' | '/v1alpha2/task', body: unknown, tenantId = 'tenant-1') {
  const request = { ...aRequestFor({ body }), tenantId: () => tenantId };
  return (path === '/v1alpha1' ? world.routes.createOld : world.routes.create)(request, CONTEXT);
}

const aTask = (metadata: object = {}, content: object = { prompt: 'A dog', steps: 16 }) => ({
  task: {
    metadata: { id: 'a-1', runtime: 'sdruntime', tasktype: 'text-to-image', prefix: 'out', ...metadata },
    content,
  },
});

const submit = (metadata?: object, content?: object) => post('/v1alpha2/task', aTask(metadata, content));
const stored = (id = 'a-1') => world.jobs.get(legacyJobId('tenant-1', id));

function wrongAt(pointer: string, detail: RegExp = /./) {
  return {
    code: 'malformed-request',
    details: {
      detail: expect.stringMatching(/^Incorrect payload structure, /),
      errors: expect.arrayContaining([expect.objectContaining({ pointer, detail: expect.stringMatching(detail) })]),
    },
  };
}

describe('POST /v1alpha2/task', () => {
  it('answers in the form of the guidance, and keeps what the callback needs', async () => {
    const answer = await submit({ prefix: 'out/', context: { order: 1e300 } });

    const id = legacyJobId('tenant-1', 'a-1');
    expect(answer).toEqual({
      status: 200,
      headers: { location: `https://api.example.com/v1/jobs/${id}` },
      body: { id: 'a-1', runtime: 'sdruntime', output_location: 's3://outputs/outputs/tenant-1/legacy/out/a-1' },
    });
    expect(Object.keys(answer.body ?? {})).toEqual(['id', 'runtime', 'output_location']);
    expect(await stored()).toMatchObject({
      id,
      pool: 'sdruntime',
      model: 'sdxl',
      task: 'text-to-image',
      input: { raw: { prompt: 'A dog', steps: 16 } },
      legacy: { id: 'a-1', prefix: 'out', tasktype: 'text-to-image', context: '{"order":1e+300}' },
    });
  });

  it('takes the same request again as the same job, and refuses another one under its id', async () => {
    await submit();
    expect(await submit()).toMatchObject({ status: 200, headers: { 'idempotency-replayed': 'true' } });
    await expect(submit({}, { prompt: 'A cat' })).rejects.toMatchObject({
      code: 'idempotency-key-reused',
      details: {
        detail: 'the id "a-1" was used before, with another payload',
        jobId: legacyJobId('tenant-1', 'a-1'),
      },
    });
  });

  it('does not make a job again that was erased', async () => {
    await submit();
    const id = legacyJobId('tenant-1', 'a-1');
    const ended = { guard: { status: ['queued'] }, set: { status: 'succeeded' }, bumpsVersion: true } as const;
    const job = await world.jobs.change(id, ended);
    await world.jobs.change(id, erase(job ?? aJobRecord(), new Date(0)));

    await expect(submit()).rejects.toMatchObject({
      code: 'output-expired',
      details: { detail: 'the id "a-1" stands for a job that was erased', jobId: id },
    });
  });

  it('knows the id of one tenant from that of another', async () => {
    await submit();
    const answer = await post('/v1alpha2/task', aTask({}, { prompt: 'A cat' }), 'tenant-2');
    expect(answer.body).toMatchObject({ output_location: 's3://outputs/outputs/tenant-2/legacy/out/a-1' });
    expect(await stored()).toMatchObject({ tenantId: 'tenant-1' });
  });

  it('takes a runtime in any case, and answers with it as it came', async () => {
    expect((await submit({ runtime: 'SDRuntime' })).body).toMatchObject({ runtime: 'SDRuntime' });
    expect(await stored()).toMatchObject({ pool: 'sdruntime' });
  });

  it('takes the checkpoint, the VAE and the options out of the routing keys', async () => {
    const alwayson_scripts = {
      task: 'text-to-image',
      id_task: 'x',
      uid: 'u',
      save_dir: 'outputs',
      sd_model_checkpoint: 'v2-1_768-ema-pruned.safetensors',
      sd_vae: 'a.pt',
      override_settings: { CLIP_stop_at_last_layers: 2 },
    };
    await submit({}, { alwayson_scripts, prompt: 'A dog' });
    const job = await stored();
    expect(job).toMatchObject({
      model: 'v2-1_768-ema-pruned',
      input: { raw: { alwayson_scripts: {}, override_settings: { CLIP_stop_at_last_layers: 2, sd_vae: 'a.pt' } } },
    });
  });

  it('leaves an image by URL to the worker', async () => {
    await submit({ tasktype: 'image-to-image' }, { init_images: [CAT], mask: CAT, prompt: 'http status 404 page' });
    expect(await stored()).toMatchObject({
      task: 'image-to-image',
      input: {
        raw: { init_images: ['{{image}}'], mask: '{{mask}}', prompt: 'http status 404 page' },
        images: { image: { url: CAT }, mask: { url: CAT } },
      },
    });
  });

  it('takes the image that the older clients link among the scripts', async () => {
    await submit({ tasktype: 'image-to-image' }, { alwayson_scripts: { image_link: CAT }, prompt: 'cat wizard' });
    expect(await stored()).toMatchObject({
      input: { raw: { init_images: ['{{image}}'] }, images: { image: { url: CAT } } },
    });
  });

  it.each([PNG, `data:image/png;base64,${PNG}`])(
    'stores an image in the request as an upload: %.30s',
    async (image) => {
      await submit({ tasktype: 'extra-single-image' }, { image, upscaling_resize: 2 });
      const job = await stored();
      const uploadId = job !== undefined && 'raw' in job.input ? job.input.images?.['image']?.uploadId : undefined;
      expect(job).toMatchObject({ task: 'upscale', input: { raw: { image: '{{image}}' } } });
      const options = { maxBytes: 1000, signal: new AbortController().signal };
      expect(await world.uploads.get('tenant-1', uploadId ?? '', options)).toEqual(Buffer.from(PNG, 'base64'));
    },
  );

  it('has room for images in the request, but not in the job', async () => {
    const padded = Buffer.concat([Buffer.from(PNG, 'base64'), Buffer.alloc(500_000)]).toString('base64');
    expect(await submit({ tasktype: 'extra-single-image' }, { image: padded })).toMatchObject({ status: 200 });
    const tooLarge = { code: 'payload-too-large' };
    await expect(submit({ id: 'b' }, { prompt: 'a', _: 'x'.repeat(70_000) })).rejects.toMatchObject(tooLarge);
  });

  it('takes a workflow, and the images that its loaders name by address', async () => {
    const workflow = {
      '1': { class_type: 'LoadImage', inputs: { image: CAT } },
      '2': { class_type: 'CLIPTextEncode', inputs: { text: 'https://example.com/ as a poster' } },
    };
    await submit({ runtime: 'comfy', tasktype: 'pipeline' }, workflow);
    expect(await stored()).toMatchObject({
      pool: 'comfy',
      task: 'workflow',
      input: {
        workflow: {
          '1': { inputs: { image: '{{node-0}}' } },
          '2': { inputs: { text: 'https://example.com/ as a poster' } },
        },
        images: { 'node-0': { url: CAT } },
      },
    });
  });

  it('asks other engines for the same picture in their own way', async () => {
    const content = {
      prompt: 'A dog',
      negative_prompt: 'cats',
      steps: 16,
      cfg_scale: 5,
      width: 512,
      height: 256,
      sampler_name: 'DPM++ 2M',
      scheduler: 'Karras',
      n_iter: 2,
      seed: -1,
      subseed: -1,
      s_noise: 1,
      tiling: false,
    };
    await submit({ runtime: 'local' }, content);
    expect(await stored()).toMatchObject({
      model: 'sketch-1',
      input: {
        prompt: 'A dog',
        negativePrompt: 'cats',
        steps: 16,
        guidance: 5,
        width: 512,
        height: 256,
        sampler: 'dpmpp_2m_karras',
        images: 2,
        seed: 7,
      },
    });
  });

  it('does so with images too', async () => {
    await submit(
      { runtime: 'comfy', tasktype: 'image-to-image' },
      { init_images: [CAT], prompt: 'a', denoising_strength: 0.5 },
    );
    await submit({ runtime: 'comfy', id: 'b', tasktype: 'extra-single-image' }, { image: CAT, upscaling_resize: 3 });
    expect(await stored()).toMatchObject({ input: { image: { url: CAT }, strength: 0.5 } });
    expect(await stored('b')).toMatchObject({ input: { image: { url: CAT }, scale: 3 } });
  });

  const image = { tasktype: 'image-to-image' };
  const content = '#/task/content';
  it.each<[string, string, RegExp, object, object]>([
    ['an unknown runtime', '#/task/metadata/runtime', /sdruntime, comfy, local/, { runtime: 'none' }, { prompt: 'a' }],
    [
      'a task that the runtime cannot do',
      '#/task/metadata/tasktype',
      /text-to-image/,
      { ...image, runtime: 'local' },
      {},
    ],
    ['a wrong task', '#/task/metadata/tasktype', /must be one of/, { tasktype: 'x' }, {}],
    ['a missing id', '#/task/metadata/id', /./, { id: undefined }, {}],
    ['a prefix that climbs', '#/task/metadata/prefix', /single slashes/, { prefix: 'a/../../b' }, {}],
    [
      'an unknown checkpoint',
      `${content}/alwayson_scripts/sd_model_checkpoint`,
      /sdxl/,
      {},
      { alwayson_scripts: { sd_model_checkpoint: 'x' } },
    ],
    [
      'a script',
      `${content}/alwayson_scripts`,
      /runs scripts/,
      {},
      { alwayson_scripts: { controlnet: { args: [1] } } },
    ],
    ['a field that writes files', `${content}/save_images`, /write files/, {}, { save_images: true }],
    ['a negative width', `${content}/width`, /at least 64, got -5/, {}, { width: -5 }],
    ['steps in words', `${content}/steps`, /integer|number/, {}, { steps: 'many' }],
    ['more steps than the model may make', `${content}/steps`, /at most 50/, {}, { steps: 60 }],
    ['too many pictures', `${content}/batch_size`, /at most 8, got 16/, {}, { batch_size: 4, n_iter: 4 }],
    [
      "an option that is none of a job's",
      `${content}/override_settings/outdir_samples`,
      /./,
      {},
      { override_settings: { outdir_samples: '/' } },
    ],
    [
      'options that are none',
      `${content}/override_settings`,
      /object/,
      {},
      { alwayson_scripts: { override_settings: 'all' } },
    ],
    ['no picture to start from', `${content}/init_images`, /required/, image, { prompt: 'a' }],
    [
      'an address without TLS',
      `${content}/init_images/0`,
      /https.*http:/,
      image,
      { init_images: ['http://169.254.169.254/'] },
    ],
    ['an address in a bucket', `${content}/init_images/0`, /https.*s3:/, image, { init_images: ['s3://bucket/key'] }],
    ['base64 of something else', `${content}/init_images/0`, /PNG, JPEG or WebP/, image, { init_images: ['AAAA'] }],
    ['neither base64 nor an address', `${content}/init_images/0`, /base64/, image, { init_images: ['{{image}}'] }],
    [
      'what another engine has not',
      `${content}/enable_hr`,
      /sketch/,
      { runtime: 'local' },
      { prompt: 'a', enable_hr: true },
    ],
    [
      'a sampler that another engine has not',
      `${content}/sampler_name`,
      /Euler a/,
      { runtime: 'local' },
      { prompt: 'a', sampler_name: 'X' },
    ],
    [
      'a size that another engine has not',
      `${content}/width`,
      /multiple of 8/,
      { runtime: 'local' },
      { prompt: 'a', width: 100 },
    ],
    ['no prompt for another engine', `${content}/prompt`, /required/, { runtime: 'local' }, {}],
    [
      'a broken workflow',
      `${content}/1/class_type`,
      /required/,
      { runtime: 'comfy', tasktype: 'pipeline' },
      { '1': { inputs: {} } },
    ],
    [
      'a node that takes base64',
      `${content}/1/inputs/image`,
      /LoadImageMask/,
      { runtime: 'comfy', tasktype: 'pipeline' },
      { '1': { class_type: 'ETN_LoadImageBase64', inputs: { image: CAT } } },
    ],
  ])('refuses %s', async (_, pointer, detail, metadata, body) => {
    await expect(submit(metadata, body)).rejects.toMatchObject(wrongAt(pointer, detail));
    expect(await stored()).toBeUndefined();
  });

  it.each([null, [], 'task', { task: 1 }, { task: { metadata: {} } }])('refuses the body %j', async (body) => {
    await expect(post('/v1alpha2/task', body)).rejects.toMatchObject({ code: 'malformed-request' });
  });
});

describe('POST /v1alpha1', () => {
  const scripts = {
    task: 'text-to-image',
    sd_model_checkpoint: 'v2-1_768-ema-pruned.safetensors',
    id_task: 'test-t2i',
    save_dir: 'outputs',
  };

  it('finds the runtime by the checkpoint, and answers in its own form', async () => {
    const answer = await post('/v1alpha1', { alwayson_scripts: scripts, prompt: 'A dog', steps: 16, width: 512 });

    expect(answer.body).toEqual({
      id_task: 'test-t2i',
      sd_model_checkpoint: 'v2-1_768-ema-pruned.safetensors',
      output_location: 's3://outputs/outputs/tenant-1/legacy/outputs/test-t2i',
    });
    expect(await stored('test-t2i')).toMatchObject({
      pool: 'sdruntime',
      model: 'v2-1_768-ema-pruned',
      input: { raw: { prompt: 'A dog', steps: 16, width: 512, alwayson_scripts: {} } },
      legacy: { id: 'test-t2i', prefix: 'outputs', context: '{}' },
    });
  });

  it.each([
    ['#/alwayson_scripts/sd_model_checkpoint', { sd_model_checkpoint: 'other.safetensors' }],
    ['#/alwayson_scripts/task', { task: 'pipeline' }],
    ['#/alwayson_scripts/id_task', { id_task: 'a/b' }],
    ['#/alwayson_scripts/save_dir', { save_dir: '../other' }],
  ])('refuses a wrong %s', async (pointer, wrong) => {
    const body = { alwayson_scripts: { ...scripts, ...wrong }, prompt: 'A dog' };
    await expect(post('/v1alpha1', body)).rejects.toMatchObject(wrongAt(pointer));
  });
});
