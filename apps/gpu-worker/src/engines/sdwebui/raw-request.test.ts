import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { EngineJob } from '../engine.ts';
import type { RequestContext } from './build-request.ts';
import { rawSamplingRequest, rawUpscaleRequest } from './raw-request.ts';

const checkpoint = { title: 'dreamshaper.safetensors [879db523c3]', model_name: 'dreamshaper', hash: '879db523c3' };
const PIXEL = 'iVBORw0KGgo=';
const NO_INPUTS: EngineJob['inputs'] = new Map();

function aContext(raw: Record<string, unknown>, dialect: RequestContext['dialect'] = 'a1111'): RequestContext {
  const request = { kind: 'raw', task: 'text-to-image', input: { raw } } as const;
  return { job: { jobId: 'job_1', attempt: 1, model: 'dreamshaper', request, inputs: new Map() }, dialect, checkpoint };
}

function txt2img(raw: Record<string, unknown>, dialect?: RequestContext['dialect']) {
  return rawSamplingRequest(aContext(raw, dialect), 'txt2img', { raw });
}

function img2img(raw: Record<string, unknown>) {
  return rawSamplingRequest(aContext(raw), 'img2img', { raw });
}

function refusal(field: string) {
  return expect.objectContaining({
    code: 'input_invalid',
    isRetryable: false,
    message: expect.stringContaining(field),
  });
}

describe('rawSamplingRequest', () => {
  it.each<[string, Record<string, unknown>]>([
    ['save_images', { save_images: true }],
    ['outpath_samples', { outpath_samples: '/etc' }],
    ['outpath_grids', { outpath_grids: '/etc' }],
    ['save_dir', { save_dir: 'outputs' }],
    ['s3_url', { s3_url: 's3://bucket/key' }],
    ['image_link', { image_link: 'https://169.254.169.254/' }],
    ['script_name', { script_name: 'x/y/z plot' }],
    ['script_args', { script_args: ['/etc/passwd'] }],
    ['alwayson_scripts', { alwayson_scripts: { save_dir: 'outputs', image_link: 'https://example.org' } }],
    ['alwayson_scripts', { alwayson_scripts: { controlnet: { args: [{ image: 'https://example.org' }] } } }],
    ['styles', { styles: ['cinematic'] }],
    ['infotext', { infotext: 'Steps: 9000' }],
    ['refiner_checkpoint', { refiner_checkpoint: 'other' }],
    ['refiner_switch_at', { refiner_switch_at: 0.8 }],
    ['hr_checkpoint_name', { hr_checkpoint_name: 'huggingface/other' }],
    ['override_settings.outdir_samples', { override_settings: { outdir_samples: '/etc' } }],
    ['override_settings.outdir_txt2img_samples', { override_settings: { outdir_txt2img_samples: '/etc' } }],
    ['override_settings.samples_save', { override_settings: { samples_save: true } }],
    ['override_settings.samples_filename_pattern', { override_settings: { samples_filename_pattern: '../x' } }],
    ['override_settings.api_enable_requests', { override_settings: { api_enable_requests: true } }],
    ['override_settings.sd_vae', { override_settings: { sd_vae: 'https://example.org/vae.pt' } }],
    ['override_settings.sd_vae', { override_settings: { sd_vae: '../../etc/vae.pt' } }],
    ['override_settings.forge_additional_modules', { override_settings: { forge_additional_modules: ['/etc/x'] } }],
    ['override_settings.sd_model_checkpoint', { override_settings: { sd_model_checkpoint: 'huggingface/other' } }],
    ['override_settings', { override_settings: 'all' }],
    ['steps', { steps: 151 }],
    ['steps', { steps: 'many' }],
    ['width', { width: -5 }],
    ['height', { height: 4096 }],
    ['batch_size', { batch_size: 9 }],
    ['batch_size times n_iter', { batch_size: 3, n_iter: 3 }],
    ['hr_scale', { enable_hr: true, hr_scale: 4, width: 1024 }],
    ['hr_resize_x', { enable_hr: true, hr_resize_x: 9000 }],
    ['seed', { seed: 2 ** 40 }],
    ['prompt', { prompt: 7 }],
  ])('refuses %s: %j', (field, raw) => {
    expect(() => txt2img(raw)).toThrow(refusal(field));
  });

  it.each<[string, Record<string, unknown>]>([
    ['init_images', {}],
    ['init_images', { init_images: [] }],
    ['init_images', { init_images: ['https://169.254.169.254/latest/meta-data'] }],
    ['init_images', { init_images: ['file:///etc/passwd'] }],
    ['init_images', { init_images: ['/etc/passwd.'] }],
    ['init_images', { init_images: [PIXEL, PIXEL] }],
    ['mask', { init_images: [PIXEL], mask: 'http://example.org/mask.png' }],
  ])('refuses %s of an image to image: %j', (field, raw) => {
    expect(() => img2img(raw)).toThrow(refusal(field));
  });

  it('takes refused fields that hold nothing, and does not send them', () => {
    const nothing = {
      save_images: false,
      do_not_save_samples: true,
      styles: [],
      script_name: null,
      script_args: [],
      alwayson_scripts: {},
      infotext: '',
      refiner_checkpoint: null,
      refiner_switch_at: 0,
      save_dir: '',
      not_a_field: 'https://example.org',
    };
    const { body } = txt2img({ prompt: 'a cat', ...nothing });
    expect(Object.keys(body).filter((key) => key in nothing)).toEqual(['save_images']);
    expect(body).toMatchObject({ prompt: 'a cat', save_images: false, send_images: true });
  });

  it('keeps what the client wrote, fills in what success is judged by', () => {
    const { body, expected, steps } = txt2img({
      prompt: 'a cat',
      width: 500,
      cfg_scale: 5.5,
      n_iter: 2,
      seed: 7,
      hr_scale: null,
    });
    expect(body).toMatchObject({
      width: 500,
      height: 512,
      cfg_scale: 5.5,
      n_iter: 2,
      batch_size: 1,
      seed: 7,
      steps: 20,
    });
    expect(body).not.toHaveProperty('hr_scale');
    expect(steps).toBe(20);
    // The server rounds down to what it can make.
    expect(expected).toMatchObject({
      images: 2,
      size: { width: 496, height: 512 },
      sampling: { seeds: [7, 8], checkpoint },
    });
  });

  it('draws the same seed for every attempt of a job', () => {
    const seed = txt2img({ seed: -1 }).body['seed'];
    expect(seed).toBe(txt2img({}).body['seed']);
    expect(seed).toBeGreaterThan(0);
  });

  it('expects one seed for all images that a second seed varies', () => {
    const { expected } = txt2img({ seed: 7, n_iter: 2, subseed_strength: 0.5 });
    expect(expected.sampling?.seeds).toEqual([7, 7]);
  });

  it.each([
    [{ sampler_name: 'DDIM', sampler_index: 'Euler' }, 'DDIM'],
    [{ sampler_name: '', sampler_index: 'Euler' }, 'Euler'],
    [{}, 'Euler a'],
  ])('reads the sampler of %j', (raw, sampler) => {
    const { body, expected } = txt2img(raw);
    expect([body['sampler_name'], expected.sampling?.sampler]).toEqual([sampler, sampler]);
    expect(body).not.toHaveProperty('sampler_index');
  });

  it('lets the options of a client end with its job', () => {
    const plain = txt2img({ override_settings: { sd_model_checkpoint: 'dreamshaper' } }).body;
    expect(plain['override_settings']).toEqual({ sd_model_checkpoint: checkpoint.title });
    expect(plain['override_settings_restore_afterwards']).toBe(false);
    const special = txt2img({ override_settings: { CLIP_stop_at_last_layers: 2 } }).body;
    expect(special['override_settings']).toEqual({
      sd_model_checkpoint: checkpoint.title,
      CLIP_stop_at_last_layers: 2,
    });
    expect(special['override_settings_restore_afterwards']).toBe(true);
  });

  it('resets the option that SD.Next keeps from another job', () => {
    expect(txt2img({}, 'sdnext').body['override_settings']).toMatchObject({ schedulers_sigma: 'default' });
  });

  it.each([PIXEL, `data:image/png;base64,${PIXEL}`])('takes an image as %s', (image) => {
    const { body, expected } = img2img({ init_images: [image], denoising_strength: 0.3 });
    expect(body).toMatchObject({ init_images: [image], denoising_strength: 0.3 });
    expect(expected.sources).toEqual([Buffer.from(PIXEL, 'base64')]);
  });

  it('reads a megabyte of what is almost base64 at once', () => {
    const startedAtMs = performance.now();
    expect(() => img2img({ init_images: [`${'A'.repeat(2 ** 20)}!`] })).toThrow(refusal('init_images'));
    expect(performance.now() - startedAtMs).toBeLessThan(2000);
  });
});

describe('images that were fetched', () => {
  const file = { data: Buffer.from(PIXEL, 'base64'), contentType: 'image/png', width: 64, height: 64 } as const;
  const images = { first: { url: 'https://example.com/a.png' } };

  it('take the place of their names', () => {
    const context = aContext({});
    const raw = { init_images: ['{{first}}'], mask: '{{first}}', prompt: '{{first}}' };
    const job = { ...context.job, inputs: new Map([['first', file]]) };
    const { body } = rawSamplingRequest({ ...context, job }, 'img2img', { raw, images });

    expect(body).toMatchObject({ init_images: [PIXEL], mask: PIXEL, prompt: '{{first}}' });
  });

  it('must be there', async () => {
    const missing = { code: 'input_fetch_failed', message: expect.stringContaining('"first"') };
    await expect(rawUpscaleRequest({ raw: { image: '{{first}}' }, images }, NO_INPUTS)).rejects.toMatchObject(missing);
    await expect(rawUpscaleRequest({ raw: { image: '{{first}}' } }, NO_INPUTS)).rejects.toMatchObject({
      code: 'input_invalid',
    });
  });
});

describe('rawUpscaleRequest', () => {
  const picture = async () =>
    (
      await sharp({ create: { width: 80, height: 60, channels: 3, background: 'red' } })
        .png()
        .toBuffer()
    ).toString('base64');

  it('knows the size that comes of it', async () => {
    const { request, upscalers } = await rawUpscaleRequest(
      { raw: { image: await picture(), upscaling_resize: 1.5, upscaler_1: 'Lanczos', upscaler_2: 'None' } },
      NO_INPUTS,
    );
    expect(request).toMatchObject({ path: 'extra-single-image', body: { resize_mode: 0, upscaling_resize: 1.5 } });
    expect(request.expected).toMatchObject({ size: { width: 120, height: 90, slack: 8 }, sampling: null });
    expect(upscalers).toEqual(['Lanczos']);
  });

  it('knows a size that is asked for', async () => {
    const raw = { image: await picture(), resize_mode: 1, upscaling_resize_w: 320, upscaling_resize_h: 240 };
    expect((await rawUpscaleRequest({ raw }, NO_INPUTS)).request.expected.size).toMatchObject({
      width: 320,
      height: 240,
    });
    expect(
      (await rawUpscaleRequest({ raw: { ...raw, upscaling_crop: false } }, NO_INPUTS)).request.expected.size,
    ).toBeNull();
  });

  it.each<[string, Record<string, unknown>]>([
    ['image', {}],
    ['image', { image: 'https://example.org/a.png' }],
    ['image', { image: PIXEL }],
    ['upscaling_resize', { image: PIXEL, upscaling_resize: 9 }],
    ['save_images', { image: PIXEL, save_images: true }],
    ['upscaler_1', { image: PIXEL, upscaler_1: 7 }],
  ])('refuses %s: %j', async (field, raw) => {
    await expect(rawUpscaleRequest({ raw }, NO_INPUTS)).rejects.toMatchObject({
      code: 'input_invalid',
      message: expect.stringContaining(field),
    });
  });

  it('refuses a size of which a side is missing', async () => {
    const raw = { image: await picture(), resize_mode: 1, upscaling_resize_w: 320 };
    await expect(rawUpscaleRequest({ raw }, NO_INPUTS)).rejects.toMatchObject({
      message: expect.stringContaining('upscaling_resize_h'),
    });
  });
});
