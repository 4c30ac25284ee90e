import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Precision } from './graph-builder.ts';
import { textEncoder } from './text-encoder.ts';
import { tokenizerFiles } from './tokenizer-files.ts';
import { unet } from './unet.ts';
import { VAE_LEVELS, vaeDecoder, vaeEncoder } from './vae.ts';

export interface ModelOptions {
  readonly family?: 'sd' | 'sdxl';
  readonly precision?: Precision;
  readonly seed?: number;
  /** Channels of the UNet's first level and of the VAE: 32 makes a model of about 2 MB, and the time a step takes. */
  readonly channels?: number;
  /** `scheduler_config.json`, over what Stable Diffusion 1.5 has. */
  readonly scheduler?: Readonly<Record<string, unknown>>;
  /** A UNet of 9 channels, which takes the mask and the rest of the picture beside the latents. */
  readonly isInpainting?: boolean;
  /** A UNet that takes the guidance as an input, as consistency models do. */
  readonly hasGuidanceInput?: boolean;
}

const LENGTH = 77;
const TEXT_SIZE = 48;
const TEXT_LAYERS = 2;
const GUIDANCE_SIZE = 32;

const SCHEDULER = {
  _class_name: 'PNDMScheduler',
  num_train_timesteps: 1000,
  beta_start: 0.00085,
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
  steps_offset: 1,
  set_alpha_to_one: false,
  prediction_type: 'epsilon',
};

type Files = Record<string, string | Uint8Array>;

function inFolder(folder: string, files: Readonly<Record<string, string>>): Files {
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]));
}

function textFiles(isXl: boolean, seed: number, precision: Precision): Files {
  const first = tokenizerFiles({ length: LENGTH, padToken: '<|endoftext|>' });
  const encoder = { precision, vocabulary: first.size, length: LENGTH, size: TEXT_SIZE, layers: TEXT_LAYERS };
  const files: Files = {
    ...inFolder('tokenizer', first.files),
    'text_encoder/model.onnx': textEncoder({
      ...encoder,
      seed,
      kind: isXl ? 'sdxl' : 'sd',
      idElement: isXl ? 'int64' : 'int32',
    }),
  };
  if (!isXl) return files;
  return {
    ...files,
    ...inFolder('tokenizer_2', tokenizerFiles({ length: LENGTH, padToken: '!' }).files),
    'text_encoder_2/model.onnx': textEncoder({ ...encoder, seed: seed + 1, kind: 'projection', idElement: 'int64' }),
  };
}

function indexOf(isXl: boolean): object {
  const clip = ['transformers', 'CLIPTextModel'];
  const tokenizer = ['transformers', 'CLIPTokenizer'];
  return {
    _class_name: isXl ? 'ORTStableDiffusionXLPipeline' : 'ORTStableDiffusionPipeline',
    _diffusers_version: '0.35.0',
    ...(isXl ? { force_zeros_for_empty_prompt: true } : {}),
    scheduler: ['diffusers', 'PNDMScheduler'],
    text_encoder: clip,
    ...(isXl ? { text_encoder_2: ['transformers', 'CLIPTextModelWithProjection'], tokenizer_2: tokenizer } : {}),
    tokenizer,
    unet: ['diffusers', 'UNet2DConditionModel'],
    vae: ['diffusers', 'AutoencoderKL'],
  };
}

/** The files of a model, by their paths within its folder. The same options make the same bytes. */
export function modelFiles(options: ModelOptions = {}): Readonly<Record<string, string | Uint8Array>> {
  const { family = 'sd', precision = 'float', seed = 1, channels = 32 } = options;
  const isXl = family === 'sdxl';
  const contextSize = isXl ? TEXT_SIZE * 2 : TEXT_SIZE;
  const inChannels = options.isInpainting === true ? 9 : 4;
  const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
  const vaeConfig = {
    latent_channels: 4,
    scaling_factor: isXl ? 0.13025 : 0.18215,
    block_out_channels: Array.from({ length: VAE_LEVELS + 1 }, () => channels),
  };
  const vae = { precision, channels };
  return {
    'model_index.json': json(indexOf(isXl)),
    'scheduler/scheduler_config.json': json({ ...SCHEDULER, ...options.scheduler }),
    ...textFiles(isXl, seed, precision),
    'unet/config.json': json({
      in_channels: inChannels,
      block_out_channels: [channels, channels * 2],
      cross_attention_dim: contextSize,
      time_cond_proj_dim: options.hasGuidanceInput === true ? GUIDANCE_SIZE : null,
    }),
    'unet/model.onnx': unet({
      seed: seed + 2,
      precision,
      inChannels,
      channels,
      contextSize,
      timeElement: isXl ? precision : 'int64',
      ...(isXl ? { summarySize: TEXT_SIZE } : {}),
      ...(options.hasGuidanceInput === true ? { guidanceSize: GUIDANCE_SIZE } : {}),
    }),
    'vae_decoder/config.json': json(vaeConfig),
    'vae_decoder/model.onnx': vaeDecoder({ ...vae, seed: seed + 3 }),
    'vae_encoder/config.json': json(vaeConfig),
    'vae_encoder/model.onnx': vaeEncoder({ ...vae, seed: seed + 4 }, { hasDeviation: isXl }),
  };
}

/** Writes a model into a folder, which is made where it is missing. */
export function writeModel(folder: string, options: ModelOptions = {}): void {
  for (const [path, content] of Object.entries(modelFiles(options))) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}
