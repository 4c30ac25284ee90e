import * as z from 'zod';

/**
 * `scheduler/scheduler_config.json` of a diffusers folder. Fields that say how another class of scheduler would run are
 * left out: which sampler runs is the request's choice, what the model was trained on is this file's.
 */
export const schedulerConfigSchema = z.object({
  _class_name: z.string().default(''),
  num_train_timesteps: z.int().min(1).default(1000),
  beta_start: z.number().positive().default(0.00085),
  beta_end: z.number().positive().default(0.012),
  beta_schedule: z.enum(['linear', 'scaled_linear', 'squaredcos_cap_v2']).default('scaled_linear'),
  trained_betas: z.array(z.number()).nullish(),
  prediction_type: z.enum(['epsilon', 'v_prediction', 'sample']).default('epsilon'),
  timestep_spacing: z.enum(['leading', 'trailing', 'linspace']).optional(),
  steps_offset: z.int().min(0).default(0),
  /** Whether what comes after the last step has no noise at all, rather than that of timestep 0. */
  set_alpha_to_one: z.boolean().default(true),
  rescale_betas_zero_snr: z.boolean().default(false),
  use_karras_sigmas: z.boolean().nullish(),
  final_sigmas_type: z.enum(['zero', 'sigma_min']).nullish(),
  /** Of consistency models: how many steps of the teacher they were distilled from, and the scale of time in the boundary. */
  original_inference_steps: z.int().min(1).default(50),
  timestep_scaling: z.number().positive().default(10),
});
export type SchedulerConfig = z.infer<typeof schedulerConfigSchema>;
export type PredictionType = SchedulerConfig['prediction_type'];
export type TimestepSpacing = NonNullable<SchedulerConfig['timestep_spacing']>;
