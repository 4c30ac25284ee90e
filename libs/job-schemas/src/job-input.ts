import * as z from 'zod';
import { LIMITS } from './limits.ts';
import { unicodeText } from './unicode-text.ts';

/** The tasks that engines of this release can do. */
export const taskSchema = z.enum(['text-to-image']);
export type Task = z.infer<typeof taskSchema>;

const side = z
  .int()
  .min(LIMITS.side.min)
  .max(LIMITS.side.max)
  .multipleOf(LIMITS.side.multipleOf)
  .default(LIMITS.side.default)
  .describe('pixels');

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

/** Engines go no finer, and the table cannot store numbers as small as JSON can write. */
function toHundredths(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Input of `text-to-image`. Without `seed` the server draws one and returns it in the job. */
export const textToImageInputSchema = z.strictObject({
  prompt: unicodeText().min(1).max(LIMITS.promptCharacters),
  negativePrompt: unicodeText().max(LIMITS.promptCharacters).default(''),
  width: side,
  height: side,
  steps: z.int().min(LIMITS.steps.min).max(LIMITS.steps.max).default(LIMITS.steps.default),
  guidance: z
    .number()
    .min(LIMITS.guidance.min)
    .max(LIMITS.guidance.max)
    .overwrite(toHundredths)
    .default(LIMITS.guidance.default),
  sampler: samplerSchema.default('euler_a'),
  seed: z.int().min(LIMITS.seed.min).max(LIMITS.seed.max).optional(),
  images: z.int().min(LIMITS.images.min).max(LIMITS.images.max).default(LIMITS.images.default),
});

/** The input of an accepted job: every default filled in, the seed included. Image `i` uses seed `(seed + i) mod 2^32`. */
export const jobInputSchema = textToImageInputSchema.extend({
  seed: z.int().min(LIMITS.seed.min).max(LIMITS.seed.max),
});
export type JobInput = z.infer<typeof jobInputSchema>;

export const outputFormatSchema = z.enum(['png', 'jpeg', 'webp']);
export type OutputFormat = z.infer<typeof outputFormatSchema>;

/** How the images are written. `quality` applies to JPEG and WebP. */
export const outputOptionsSchema = z.strictObject({
  format: outputFormatSchema.default('png'),
  quality: z.int().min(LIMITS.quality.min).max(LIMITS.quality.max).default(LIMITS.quality.default),
  embedParameters: z.boolean().default(true),
});
export type OutputOptions = z.infer<typeof outputOptionsSchema>;

/** Seed of image `index` (from 0) of a job whose input says `seed`. */
export function imageSeed(seed: number, index: number): number {
  return (seed + index) % (LIMITS.seed.max + 1);
}
