import * as z from 'zod';
import { EngineError } from '../engine-error.ts';
import { isUsed } from './checkpoints.ts';
import { isSameSampler } from './samplers.ts';
import { splitImages } from './split-images.ts';
import type { Expected, WebuiRequest } from './webui-request.ts';

const sampledSchema = z.object({ images: z.array(z.string()), info: z.string() });
const upscaledSchema = z.object({ image: z.string() });
const infoSchema = z.object({
  all_seeds: z.array(z.int()).min(1),
  index_of_first_image: z.int().min(0).default(0),
  infotexts: z.array(z.string()).default([]),
  sampler_name: z.string().nullish(),
  sd_model_name: z.string().nullish(),
  sd_model_hash: z.string().nullish(),
  version: z.string().nullish(),
});
type Info = z.infer<typeof infoSchema>;

export interface MadeImages {
  /** Text in base64, in the order of the seeds. */
  readonly images: readonly Buffer[];
  readonly seeds: readonly (number | null)[];
  /** The server's own version, where it tells. */
  readonly version: string | undefined;
}

function badOutput(message: string, options: { isRetryable: boolean; cause?: unknown }): EngineError {
  return new EngineError('bad_output', message, options);
}

function parseWith<T extends z.ZodType>(schema: T, json: string, what: string): z.infer<T> {
  try {
    return schema.parse(JSON.parse(json));
  } catch (cause) {
    throw badOutput(`${what} of the server's answer cannot be read`, { isRetryable: true, cause });
  }
}

/** SD.Next tells the name of the checkpoint only in the text that goes with each image. */
function usedCheckpoint({ sd_model_name, sd_model_hash, infotexts }: Info) {
  const text = infotexts.at(-1) ?? '';
  return {
    name: sd_model_name || text.match(/(?:^|, )Model: ([^,\n]+)/)?.[1],
    hash: sd_model_hash || text.match(/(?:^|, )Model hash: ([0-9a-f]+)/i)?.[1],
  };
}

function checkSampling(info: Info, { images, sampling }: Expected): void {
  if (sampling === null) return;
  const { seeds, sampler, checkpoint } = sampling;
  const used = usedCheckpoint(info);
  const isRight = isUsed(checkpoint, used);
  if (isRight === undefined) {
    const message = 'the server does not tell which model it used';
    throw new EngineError('engine_error', message, { isRetryable: false });
  }
  if (!isRight) {
    const message = `the server used the model ${used.name ?? used.hash} instead of ${checkpoint.model_name}`;
    throw new EngineError('model_load_failed', message, { isRetryable: true });
  }
  if (typeof info.sampler_name !== 'string' || !isSameSampler(sampler, info.sampler_name)) {
    const message = `the server used the sampler ${info.sampler_name ?? '(unknown)'} instead of ${sampler}`;
    throw new EngineError('engine_error', message, { isRetryable: false });
  }
  if (seeds.some((seed, index) => info.all_seeds[index] !== seed) || seeds.length !== images) {
    throw badOutput('the server used other seeds than asked for', { isRetryable: true });
  }
}

function readSampled(body: Buffer): { images: readonly Buffer[]; info: string } {
  const split = splitImages(body);
  const { images, info } = parseWith(sampledSchema, split?.rest ?? body.toString(), 'the body');
  return { images: split?.images ?? images.map((image) => Buffer.from(image, 'latin1')), info };
}

/**
 * Takes an answer with status 200 apart. That alone is no success: the count, the seeds, the model and the sampler must be
 * the ones that were asked for. Grids before and extra pictures after the images are left out.
 * @throws EngineError
 */
export function readAnswer(body: Buffer, { path, expected }: WebuiRequest): MadeImages {
  if (path === 'extra-single-image') {
    const { image } = parseWith(upscaledSchema, body.toString(), 'the image');
    if (image === '') throw badOutput('the server made no image', { isRetryable: true });
    return { images: [Buffer.from(image, 'latin1')], seeds: [null], version: undefined };
  }
  const answer = readSampled(body);
  if (answer.images.length === 0) throw badOutput('the server made no images', { isRetryable: true });
  const info = parseWith(infoSchema, answer.info, 'the info');
  const first = info.index_of_first_image;
  const made = answer.images.length - first;
  if (made < expected.images) {
    throw badOutput(`the server made ${made} of ${expected.images} images`, { isRetryable: true });
  }
  checkSampling(info, expected);
  return {
    images: answer.images.slice(first, first + expected.images),
    seeds: info.all_seeds.slice(0, expected.images),
    version: info.version ?? undefined,
  };
}
