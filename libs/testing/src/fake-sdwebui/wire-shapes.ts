/** Servers that speak the API of AUTOMATIC1111's WebUI, each in its own way. */
export type FakeDialect = 'a1111' | 'forge' | 'sdnext';

export interface FakeModel {
  readonly name: string;
  /** The first ten digits of the file's SHA-256. */
  readonly hash: string;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });

const A1111_SAMPLERS = [
  'DPM++ 2M',
  'DPM++ SDE',
  'DPM++ 2M SDE',
  'Euler a',
  'Euler',
  'LMS',
  'Heun',
  'DDIM',
  'UniPC',
  'LCM',
];
const SAMPLERS: Readonly<Record<FakeDialect, readonly string[]>> = {
  a1111: A1111_SAMPLERS,
  forge: A1111_SAMPLERS,
  sdnext: ['Default', 'UniPC', 'DDIM', 'Euler', 'Euler a', 'DPM++ 2M', 'DPM++ SDE', 'DPM++ 2M SDE', 'LCM'],
};

export function samplersOf(dialect: FakeDialect): readonly string[] {
  return SAMPLERS[dialect];
}

export function listedModel({ name, hash }: FakeModel): object {
  return {
    title: `${name}.safetensors [${hash}]`,
    model_name: name,
    hash,
    sha256: hash.padEnd(64, '0'),
    filename: `/models/Stable-diffusion/${name}.safetensors`,
    config: null,
  };
}

export const UPSCALERS = [
  { name: 'None', model_name: null, model_path: null, model_url: null, scale: 4 },
  { name: 'Lanczos', model_name: null, model_path: null, model_url: null, scale: 4 },
  {
    name: 'R-ESRGAN 4x+',
    model_name: 'R-ESRGAN 4x+',
    model_path: 'https://models.invalid/RealESRGAN_x4plus.pth',
    model_url: null,
    scale: 4,
  },
  { name: '4x-local', model_name: '4x-local', model_path: '/models/ESRGAN/4x-local.pth', model_url: null, scale: 4 },
];

/** An unhandled exception of the server, as each dialect answers it. */
export function exceptionAnswer(dialect: FakeDialect, error: string, text: string, status = 500): Answer {
  const common = { error, detail: '', body: '' };
  return { status, body: dialect === 'forge' ? { ...common, message: text } : { ...common, errors: text } };
}

/** An exception that the server raised on purpose, with the detail for the client. */
export function httpExceptionAnswer(dialect: FakeDialect, status: number, detail: string): Answer {
  if (dialect === 'forge') return { status, body: { detail } };
  return { status, body: { error: 'HTTPException', detail, body: '', errors: '' } };
}

export interface InfoOptions {
  readonly seeds: readonly number[];
  readonly width: number;
  readonly height: number;
  readonly steps: number;
  readonly sampler: string;
  readonly prompt: string;
  readonly model: FakeModel;
  readonly hasGrid: boolean;
}

/** The field `info`; SD.Next names the checkpoint in the texts only. */
export function infoOf(dialect: FakeDialect, options: InfoOptions): Record<string, unknown> {
  const { seeds, width, height, steps, sampler, prompt, model, hasGrid } = options;
  const texts = seeds.map(
    (seed) =>
      `${prompt}\nSteps: ${steps}, Sampler: ${sampler}, Seed: ${seed}, Size: ${width}x${height}, Model hash: ${model.hash}, Model: ${model.name}`,
  );
  return {
    prompt,
    all_prompts: seeds.map(() => prompt),
    seed: seeds[0],
    all_seeds: seeds,
    subseed: 1,
    all_subseeds: seeds.map((_, index) => 1 + index),
    width,
    height,
    sampler_name: sampler,
    steps,
    ...(dialect === 'sdnext' ? {} : { sd_model_name: model.name, version: dialect === 'forge' ? 'f2.0.1' : 'v1.10.1' }),
    sd_model_hash: model.hash,
    index_of_first_image: hasGrid ? 1 : 0,
    infotexts: hasGrid ? [texts[0], ...texts] : texts,
    job_timestamp: '20260102030405',
  };
}
