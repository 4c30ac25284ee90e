import * as z from 'zod';
import { lazily } from './lazily.ts';
import { LIMITS } from './limits.ts';

/** The paths of SD WebUI's API that take a raw body, without `/sdapi/v1/`. */
export type RawPath = 'txt2img' | 'img2img' | 'extra-single-image';

/** Bare base64 or a data URL: anything else a server may take for the address of something to fetch. */
export const inlineImageSchema = z.string().regex(/^(?:data:image\/(?:png|jpeg|webp);base64,)?[A-Za-z0-9+/]+={0,2}$/, {
  error: 'must be base64, not an address',
});

function makeRawSchemas() {
  const side = z.int().min(LIMITS.side.min).max(LIMITS.side.max);
  const enlargedSide = z
    .int()
    .min(LIMITS.side.min)
    .max(LIMITS.side.max * LIMITS.scale.max);
  const text = z.string().max(LIMITS.promptCharacters);
  const name = z.string().max(128);
  const { guidance, images, steps } = LIMITS;
  const finite = z.number();
  const flag = z.boolean();

  const sampling = {
    prompt: text,
    negative_prompt: text,
    seed: z.int().min(-1).max(LIMITS.seed.max),
    subseed: z.int().min(-1).max(LIMITS.seed.max),
    subseed_strength: finite.min(0).max(1),
    seed_resize_from_h: z.int(),
    seed_resize_from_w: z.int(),
    sampler_name: name,
    sampler_index: name,
    scheduler: name,
    batch_size: z.int().min(1).max(images.max),
    n_iter: z.int().min(1).max(images.max),
    steps: z.int().min(steps.min).max(steps.max),
    cfg_scale: finite.min(0).max(guidance.max),
    distilled_cfg_scale: finite.min(0).max(guidance.max),
    width: side,
    height: side,
    restore_faces: flag,
    tiling: flag,
    denoising_strength: finite.min(0).max(1),
    eta: finite,
    s_churn: finite,
    s_tmin: finite,
    s_tmax: finite,
    s_noise: finite,
    s_min_uncond: finite,
  };

  const fieldsOf = {
    txt2img: {
      ...sampling,
      enable_hr: flag,
      hr_scale: finite.min(1).max(LIMITS.scale.max),
      hr_upscaler: name,
      hr_second_pass_steps: z.int().min(0).max(steps.max),
      hr_resize_x: z.int().min(0).max(LIMITS.side.max),
      hr_resize_y: z.int().min(0).max(LIMITS.side.max),
      hr_sampler_name: name,
      hr_scheduler: name,
      hr_prompt: text,
      hr_negative_prompt: text,
      hr_cfg: finite.min(0).max(guidance.max),
      hr_distilled_cfg: finite.min(0).max(guidance.max),
    },
    img2img: {
      ...sampling,
      init_images: z.array(inlineImageSchema).min(1).max(1),
      mask: inlineImageSchema,
      resize_mode: z.int().min(0).max(3),
      mask_blur: z.int().min(0).max(256),
      mask_blur_x: z.int().min(0).max(256),
      mask_blur_y: z.int().min(0).max(256),
      mask_round: flag,
      inpainting_fill: z.int().min(0).max(3),
      inpaint_full_res: z.union([flag, z.literal(0), z.literal(1)]),
      inpaint_full_res_padding: z.int().min(0).max(1024),
      inpainting_mask_invert: z.int().min(0).max(1),
      initial_noise_multiplier: finite,
      image_cfg_scale: finite,
    },
    'extra-single-image': {
      image: inlineImageSchema,
      resize_mode: z.int().min(0).max(1),
      upscaling_resize: finite.min(LIMITS.scale.min).max(LIMITS.scale.max),
      upscaling_resize_w: enlargedSide,
      upscaling_resize_h: enlargedSide,
      upscaling_crop: flag,
      upscaler_1: name,
      upscaler_2: name,
      extras_upscaler_2_visibility: finite.min(0).max(1),
      gfpgan_visibility: finite.min(0).max(1),
      codeformer_visibility: finite.min(0).max(1),
      codeformer_weight: finite.min(0).max(1),
      upscale_first: flag,
    },
  } satisfies Record<RawPath, z.ZodRawShape>;

  return {
    txt2img: z.object(fieldsOf.txt2img).partial(),
    img2img: z.object(fieldsOf.img2img).partial().required({ init_images: true }),
    'extra-single-image': z.object(fieldsOf['extra-single-image']).partial().required({ image: true }),
  };
}

/**
 * What a client of the raw API may set; everything else is left out, as servers do with what they do not know. They are made with the first
 * request that needs them: a function that starts has many others to answer.
 */
export const rawSchemas = lazily(makeRawSchemas);
