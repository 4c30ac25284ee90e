import * as z from 'zod';
import { type ImageRef, imageRefSchema } from './image-ref.ts';
import { checkJson, mostKeys } from './json-limits.ts';
import { LIMITS } from './limits.ts';
import { unicodeText } from './unicode-text.ts';

/** What a job can be asked to do; the models of a pool say which of it they can. */
export const taskSchema = z.enum(['text-to-image', 'image-to-image', 'upscale', 'workflow']);
export type Task = z.infer<typeof taskSchema>;

const side = z.int().min(LIMITS.side.min).max(LIMITS.side.max).multipleOf(LIMITS.side.multipleOf).describe('pixels');
const prompt = unicodeText().max(LIMITS.promptCharacters);
const seed = z.int().min(LIMITS.seed.min).max(LIMITS.seed.max);

/** Names that the engines' own samplers are mapped from; an engine without samplers ignores the field. */
export const samplerSchema = z.enum([
  'euler',
  'euler_a',
  'ddim',
  'dpmpp_2m',
  'dpmpp_2m_karras',
  'dpmpp_sde_karras',
  'lcm',
]);
export type Sampler = z.infer<typeof samplerSchema>;

/** Engines go no finer, and the table cannot store numbers as small as JSON can write. */
function toHundredths(value: number): number {
  return Math.round(value * 100) / 100;
}

const hundredths = (range: { min: number; max: number }) =>
  z.number().min(range.min).max(range.max).overwrite(toHundredths);

/** Without `seed` the server draws one and returns it in the job. */
const sampling = {
  prompt: prompt.min(1),
  negativePrompt: prompt.default(''),
  steps: z.int().min(LIMITS.steps.min).max(LIMITS.steps.max).default(LIMITS.steps.default),
  guidance: hundredths(LIMITS.guidance).default(LIMITS.guidance.default),
  sampler: samplerSchema.default('euler_a'),
  seed: seed.optional(),
  images: z.int().min(LIMITS.images.min).max(LIMITS.images.max).default(LIMITS.images.default),
};

/** Input of `text-to-image`. */
export const textToImageInputSchema = z.strictObject({
  ...sampling,
  width: side.default(LIMITS.side.default),
  height: side.default(LIMITS.side.default),
});

/** Input of `image-to-image`. A mask, of the image's size, is white where the image may change. */
export const imageToImageInputSchema = z.strictObject({
  ...sampling,
  image: imageRefSchema,
  mask: imageRefSchema.optional(),
  strength: hundredths(LIMITS.strength).default(LIMITS.strength.default).describe('0 keeps the image, 1 ignores it'),
  /** Both or neither; without them the image's own size, rounded down to what the engine can make. */
  width: side.optional(),
  height: side.optional(),
});

/** Input of `upscale`: one image, `scale` times as wide and high. */
export const upscaleInputSchema = z.strictObject({
  image: imageRefSchema,
  scale: hundredths(LIMITS.scale).default(LIMITS.scale.default),
  /** The engine's name of an upscaler; its default when left out. */
  upscaler: unicodeText().min(1).max(128).optional(),
});

const workflowNodeSchema = z.looseObject({
  class_type: z.string().min(1).max(256),
  inputs: z.record(z.string(), z.unknown()),
});

const PLACEHOLDER = /^\{\{([A-Za-z0-9_-]{1,64})\}\}$/;

/** The name of the image that a value of a workflow or a raw body stands for; undefined when it stands for itself. */
export function placeholderOf(value: unknown): string | undefined {
  return typeof value === 'string' ? PLACEHOLDER.exec(value)?.[1] : undefined;
}

const namedImages = z
  .record(z.string().regex(/^[A-Za-z0-9_-]{1,64}$/), imageRefSchema)
  .superRefine(mostKeys(LIMITS.workflow.images));

/** Input of `workflow`: a ComfyUI workflow in API format; a node's string input `{{name}}` stands for the image `name`. */
export const workflowInputSchema = z.strictObject({
  workflow: z.record(z.string().min(1).max(64), workflowNodeSchema).superRefine(checkJson(LIMITS.workflow.depth)),
  images: namedImages.default({}),
});

const withSeed = { seed };

/** The inputs of accepted jobs: every default filled in, the seed included. Image `i` uses seed `(seed + i) mod 2^32`. */
export const acceptedInputSchemas = {
  'text-to-image': textToImageInputSchema.extend(withSeed),
  'image-to-image': imageToImageInputSchema.extend(withSeed),
  upscale: upscaleInputSchema,
  workflow: workflowInputSchema,
} as const satisfies Record<Task, z.ZodType>;

export type TextToImageInput = z.infer<(typeof acceptedInputSchemas)['text-to-image']>;
export type ImageToImageInput = z.infer<(typeof acceptedInputSchemas)['image-to-image']>;
export type UpscaleInput = z.infer<typeof upscaleInputSchema>;
export type WorkflowInput = z.infer<typeof workflowInputSchema>;

/**
 * The body of an SD WebUI request as a client of the v1alpha2 API wrote it, after the safety checks of the engine. An image
 * field `{{name}}` stands for the image `name`.
 */
export const rawInputSchema = z.strictObject({
  raw: z.record(z.string(), z.unknown()).superRefine(checkJson(LIMITS.workflow.depth)),
  images: namedImages.optional(),
});
export type RawInput = z.infer<typeof rawInputSchema>;

/** The input of any accepted job. The objects are strict, so that only the right one of them takes an input. */
export const jobInputSchema = z.union([
  acceptedInputSchemas['text-to-image'],
  acceptedInputSchemas['image-to-image'],
  acceptedInputSchemas.upscale,
  acceptedInputSchemas.workflow,
  rawInputSchema,
]);
export type JobInput = z.infer<typeof jobInputSchema>;

/** A job's input together with what it is an input of. */
export type TaskInput =
  | { readonly kind: 'text-to-image'; readonly input: TextToImageInput }
  | { readonly kind: 'image-to-image'; readonly input: ImageToImageInput }
  | { readonly kind: 'upscale'; readonly input: UpscaleInput }
  | { readonly kind: 'workflow'; readonly input: WorkflowInput }
  | { readonly kind: 'raw'; readonly task: Exclude<Task, 'workflow'>; readonly input: RawInput };

/** @throws z.ZodError when the input is not one of the task's */
export function toTaskInput(task: Task, input: JobInput): TaskInput {
  if ('raw' in input && task !== 'workflow') return { kind: 'raw', task, input };
  switch (task) {
    case 'text-to-image':
      return { kind: task, input: acceptedInputSchemas[task].parse(input) };
    case 'image-to-image':
      return { kind: task, input: acceptedInputSchemas[task].parse(input) };
    case 'upscale':
      return { kind: task, input: acceptedInputSchemas[task].parse(input) };
    case 'workflow':
      return { kind: task, input: acceptedInputSchemas[task].parse(input) };
  }
}

/** An image that an input refers to. */
export interface NamedImageRef {
  /** `image`, `mask`, or the name that a workflow gives it. */
  readonly name: string;
  /** Where it is in the request. */
  readonly path: readonly string[];
  readonly ref: ImageRef;
}

/** An input before or after the server has filled in its seed. */
type AnyInput = JobInput | z.infer<typeof textToImageInputSchema> | z.infer<typeof imageToImageInputSchema>;

/** Every image that the input refers to. A raw body can also hold its images itself. */
export function imageRefsOf(input: AnyInput): NamedImageRef[] {
  if ('workflow' in input || 'raw' in input) {
    return Object.entries(input.images ?? {}).map(([name, ref]) => ({ name, path: ['input', 'images', name], ref }));
  }
  if (!('image' in input)) return [];
  const image = { name: 'image', path: ['input', 'image'], ref: input.image };
  const mask = 'mask' in input ? input.mask : undefined;
  return mask === undefined ? [image] : [image, { name: 'mask', path: ['input', 'mask'], ref: mask }];
}

export const outputFormatSchema = z.enum(['png', 'jpeg', 'webp', 'avif']);
export type OutputFormat = z.infer<typeof outputFormatSchema>;

/** How the images are written. `quality` applies to JPEG, WebP and AVIF. */
export const outputOptionsSchema = z.strictObject({
  format: outputFormatSchema.default('png'),
  quality: z.int().min(LIMITS.quality.min).max(LIMITS.quality.max).default(LIMITS.quality.default),
  /** A small WebP beside each image. */
  thumbnail: z.boolean().default(false),
  embedParameters: z.boolean().default(true),
});
export type OutputOptions = z.infer<typeof outputOptionsSchema>;

/** Seed of image `index` (from 0) of a job whose input says `seed`. */
export function imageSeed(seedOfJob: number, index: number): number {
  return (seedOfJob + index) % (LIMITS.seed.max + 1);
}
