import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Task } from '@afterimage/job-schemas';
import * as z from 'zod';
import { brokenModel } from './model-error.ts';
import { type ModelIndex, modelIndexSchema } from './model-index.ts';

/** A folder in diffusers' ONNX layout, looked through but not loaded. */
export interface ModelFolder {
  /** Name of the folder. */
  readonly id: string;
  readonly directory: string;
  readonly index: ModelIndex;
  readonly family: 'sd' | 'sdxl';
  readonly tasks: readonly Task[];
  /** Of all its networks. */
  readonly bytes: number;
}

export const INDEX_FILE = 'model_index.json';
const GRAPH_FILE = 'model.onnx';

export function graphFile({ directory }: Pick<ModelFolder, 'directory'>, part: string): string {
  return join(directory, part, GRAPH_FILE);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

/** @throws EngineError that names the file, and what is wrong in it */
export async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw isMissing(error)
      ? brokenModel(file, 'the file is missing', error)
      : brokenModel(file, 'cannot be read', error);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw brokenModel(file, 'is not JSON', cause);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw brokenModel(file, z.prettifyError(result.error).replaceAll(/\s+/g, ' '));
}

/** The same for a file that older exports do not have. */
export async function readJsonIfThere<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  return (await isFile(file)) ? readJson(file, schema) : undefined;
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** Published folders often have the same weights for other runtimes beside the graph. */
const OTHER_FILES = /\.(safetensors|bin|msgpack|h5|ckpt|xml|json|txt|md)$/;

async function bytesIn(directory: string): Promise<number> {
  const names = (await readdir(directory)).filter((name) => !OTHER_FILES.test(name));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(directory, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function checkPipeline(file: string, index: ModelIndex): void {
  if (index.unet === undefined || index.text_encoder === undefined) {
    throw brokenModel(
      file,
      `is of a ${index._class_name}; this engine runs Stable Diffusion 1.x, 2.x, XL and what is distilled from them`,
    );
  }
  if (index.text_encoder[1] === null || index.requires_aesthetics_score === true) {
    throw brokenModel(file, 'is of a refiner, which does not make pictures by itself');
  }
}

function filesOf(isXl: boolean): { readonly parts: readonly string[]; readonly others: readonly string[] } {
  const second = isXl ? ['text_encoder_2'] : [];
  const tokenizers = isXl ? ['tokenizer', 'tokenizer_2'] : ['tokenizer'];
  return {
    parts: ['text_encoder', ...second, 'unet', 'vae_decoder'],
    others: [
      'scheduler/scheduler_config.json',
      ...tokenizers.flatMap((folder) => [`${folder}/vocab.json`, `${folder}/merges.txt`]),
    ],
  };
}

/**
 * Looks through a model's folder: what kind it is, whether all its files are there, and how large it is.
 * @throws EngineError that names the first file which is missing or wrong
 */
export async function readModelFolder(directory: string): Promise<ModelFolder> {
  const indexFile = join(directory, INDEX_FILE);
  const index = await readJson(indexFile, modelIndexSchema);
  checkPipeline(indexFile, index);
  // Pipelines list the parts that they do not have as null.
  const isXl = index.text_encoder_2?.[1] != null;
  const { parts, others } = filesOf(isXl);
  const required = [
    ...others.map((file) => join(directory, file)),
    ...parts.map((part) => graphFile({ directory }, part)),
  ];
  for (const file of required) if (!(await isFile(file))) throw brokenModel(file, 'the file is missing');
  const hasEncoder = await isFile(graphFile({ directory }, 'vae_encoder'));
  const all = hasEncoder ? [...parts, 'vae_encoder'] : parts;
  const sizes = await Promise.all(all.map((part) => bytesIn(join(directory, part))));
  return {
    id: basename(directory),
    directory,
    index,
    family: isXl ? 'sdxl' : 'sd',
    tasks: hasEncoder ? ['text-to-image', 'image-to-image'] : ['text-to-image'],
    bytes: sizes.reduce((sum, size) => sum + size, 0),
  };
}
