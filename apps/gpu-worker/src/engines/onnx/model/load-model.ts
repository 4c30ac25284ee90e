import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ClipTokenizer,
  createClipTokenizer,
  tokenizerConfigSchema,
  vocabularySchema,
} from '../text/clip-tokenizer.ts';
import { type SchedulerConfig, schedulerConfigSchema } from '../schedule/scheduler-config.ts';
import { checkModel, fixedDim, GUIDANCE_INPUT, LATENT_CHANNELS } from './check-model.ts';
import type { Graph } from './graph.ts';
import { brokenModel } from './model-error.ts';
import { graphFile, type ModelFolder, readJson, readJsonIfThere } from './model-folder.ts';
import { unetConfigSchema, vaeConfigSchema } from './model-index.ts';

export interface TextEncoder {
  readonly tokenizer: ClipTokenizer;
  readonly graph: Graph;
}

export interface Vae {
  /** Latents are the encoder's output times this. */
  readonly scale: number;
  readonly shift: number;
  /** Pixels a latent is wide and high. */
  readonly pixels: number;
  /** Channels of the largest activations. */
  readonly channels: number;
}

/** What the UNet's own inputs seldom tell: exports leave most sizes open. */
export interface UnetShape {
  /** Latents must be a multiple of this wide and high. */
  readonly latentStep: number;
  readonly channels: number;
  /** Of the input for the guidance, where there is one. */
  readonly guidanceSize: number;
}

/** A model with its networks in memory. */
export interface LoadedModel {
  readonly folder: ModelFolder;
  readonly encoders: readonly TextEncoder[];
  readonly unet: Graph;
  readonly unetShape: UnetShape;
  readonly decoder: Graph;
  readonly vae: Vae;
  readonly scheduler: SchedulerConfig;
  /** Loaded at its first use: most jobs begin with no picture. */
  readonly encoder: () => Promise<Graph>;
  release(): Promise<void>;
}

async function loadTokenizer(directory: string): Promise<ClipTokenizer> {
  const vocabulary = await readJson(join(directory, 'vocab.json'), vocabularySchema);
  const merges = await readFile(join(directory, 'merges.txt'), 'utf8');
  const special = await readJsonIfThere(join(directory, 'special_tokens_map.json'), tokenizerConfigSchema);
  const own = await readJsonIfThere(join(directory, 'tokenizer_config.json'), tokenizerConfigSchema);
  try {
    return createClipTokenizer({ vocabulary, merges, config: { ...special, ...own } });
  } catch (cause) {
    throw brokenModel(join(directory, 'vocab.json'), cause instanceof Error ? cause.message : String(cause), cause);
  }
}

const SD_SCALE = 0.18215;
const SDXL_SCALE = 0.13025;
/** Levels of the networks where no file tells: those of Stable Diffusion. */
const UNET_LEVELS = { sd: 4, sdxl: 3 };
const VAE_CHANNELS = [128, 256, 512, 512];
const GUIDANCE_SIZE = 256;

async function readVae({ directory, family }: ModelFolder): Promise<Vae> {
  const config = {
    ...(await readJsonIfThere(join(directory, 'vae/config.json'), vaeConfigSchema)),
    ...(await readJsonIfThere(join(directory, 'vae_decoder/config.json'), vaeConfigSchema)),
  };
  const channels = config.block_out_channels ?? VAE_CHANNELS;
  return {
    scale: config.scaling_factor ?? (family === 'sdxl' ? SDXL_SCALE : SD_SCALE),
    shift: config.shift_factor ?? 0,
    pixels: 2 ** (channels.length - 1),
    channels: channels[1] ?? channels[0] ?? 0,
  };
}

async function readUnetShape({ directory, family }: ModelFolder, unet: Graph): Promise<UnetShape> {
  const config = await readJsonIfThere(join(directory, 'unet/config.json'), unetConfigSchema);
  return {
    latentStep: 2 ** ((config?.block_out_channels?.length ?? UNET_LEVELS[family]) - 1),
    channels: fixedDim(unet, 'sample', 1) ?? config?.in_channels ?? LATENT_CHANNELS,
    guidanceSize: fixedDim(unet, GUIDANCE_INPUT, 1) ?? config?.time_cond_proj_dim ?? GUIDANCE_SIZE,
  };
}

export interface LoadModelPorts {
  /** Loads the network in a file. */
  readonly load: (file: string) => Promise<Graph>;
}

/** Loads every network but the encoder of pictures. @throws EngineError that names the file which cannot be loaded or does not fit */
export async function loadModel(folder: ModelFolder, { load: loadGraph }: LoadModelPorts): Promise<LoadedModel> {
  const { directory, family } = folder;
  const loaded: Graph[] = [];
  const load = async (part: string): Promise<Graph> => {
    const graph = await loadGraph(graphFile(folder, part));
    loaded.push(graph);
    return graph;
  };
  const release = async () => {
    await Promise.all(loaded.splice(0).map((graph) => graph.release()));
  };
  try {
    const scheduler = await readJson(join(directory, 'scheduler/scheduler_config.json'), schedulerConfigSchema);
    const encoders: TextEncoder[] = [];
    for (const suffix of family === 'sdxl' ? ['', '_2'] : ['']) {
      const tokenizer = await loadTokenizer(join(directory, `tokenizer${suffix}`));
      encoders.push({ tokenizer, graph: await load(`text_encoder${suffix}`) });
    }
    const [unet, decoder] = [await load('unet'), await load('vae_decoder')];
    let encoder: Promise<Graph> | undefined;
    const model: LoadedModel = {
      folder,
      encoders,
      unet,
      decoder,
      scheduler,
      vae: await readVae(folder),
      unetShape: await readUnetShape(folder, unet),
      encoder: () => (encoder ??= load('vae_encoder')),
      release,
    };
    checkModel(model);
    return model;
  } catch (error) {
    await release();
    throw error;
  }
}
