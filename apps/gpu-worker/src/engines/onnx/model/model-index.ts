import * as z from 'zod';

const component = z.tuple([z.string().nullable(), z.string().nullable()]);

/** `model_index.json`: which pipeline a folder is for and what it is made of. */
export const modelIndexSchema = z.looseObject({
  _class_name: z.string(),
  unet: component.optional(),
  text_encoder: component.optional(),
  text_encoder_2: component.optional(),
  force_zeros_for_empty_prompt: z.boolean().default(true),
  requires_aesthetics_score: z.boolean().nullish(),
});
export type ModelIndex = z.infer<typeof modelIndexSchema>;

export const unetConfigSchema = z.object({
  in_channels: z.int().optional(),
  block_out_channels: z.array(z.number()).min(1).optional(),
  time_cond_proj_dim: z.int().nullish(),
});

export const vaeConfigSchema = z.object({
  scaling_factor: z.number().positive().optional(),
  shift_factor: z.number().nullish(),
  block_out_channels: z.array(z.number()).min(1).optional(),
});
