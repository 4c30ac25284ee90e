import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Pools } from '@afterimage/app-config';
import * as z from 'zod';
import { UsageError } from './arguments.ts';

const INDEX = 'model_index.json';
/** What a model cannot do without; the worker looks closer. */
const REQUIRED = [
  'scheduler/scheduler_config.json',
  'tokenizer/vocab.json',
  'tokenizer/merges.txt',
  'text_encoder/model.onnx',
  'unet/model.onnx',
  'vae_decoder/model.onnx',
];
const REQUIRED_XL = ['tokenizer_2/vocab.json', 'tokenizer_2/merges.txt', 'text_encoder_2/model.onnx'];

/** Pipelines list the parts that they do not have as null. */
const indexSchema = z.looseObject({ text_encoder_2: z.array(z.string().nullable()).optional() });

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function readIndex(file: string): z.infer<typeof indexSchema> {
  try {
    return indexSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new UsageError(`${file} is not the index of a model`, { cause });
  }
}

function modelOf(directory: string): Pools['pools'][number]['models'][number] {
  const isXl = readIndex(join(directory, INDEX)).text_encoder_2?.[1] != null;
  const missing = [...REQUIRED, ...(isXl ? REQUIRED_XL : [])].find((file) => !isFile(join(directory, file)));
  if (missing !== undefined) throw new UsageError(`${join(directory, missing)} is missing`);
  const hasEncoder = isFile(join(directory, 'vae_encoder/model.onnx'));
  const limits = { maxWidth: 2048, maxHeight: 2048, maxSteps: 150, maxImages: 8 };
  return {
    id: basename(directory),
    description: `Stable Diffusion${isXl ? ' XL' : ''} on ONNX Runtime`,
    tasks: hasEncoder ? ['text-to-image', 'image-to-image'] : ['text-to-image'],
    limits,
  };
}

function modelFolders(directory: string): string[] {
  if (isFile(join(directory, INDEX))) return [directory];
  const folders = readdirSync(directory).map((name) => join(directory, name));
  return folders.filter((folder) => isFile(join(folder, INDEX))).sort();
}

/**
 * The pool of the models in a folder, which is a model itself or has models for its folders.
 * @throws UsageError that names what is missing
 */
export function onnxPools(modelDirectory: string): Pools {
  const directory = resolve(modelDirectory);
  if (!existsSync(directory) || !statSync(directory).isDirectory()) {
    throw new UsageError(`--model-dir: ${directory} is not a folder`);
  }
  const models = modelFolders(directory).map(modelOf);
  if (models.length === 0) {
    throw new UsageError(`--model-dir: neither ${join(directory, INDEX)} nor a folder with one in ${directory}`);
  }
  return { pools: [{ name: 'local', engine: 'onnx', formats: ['png', 'jpeg', 'webp', 'avif'], models }] };
}
