import * as z from 'zod';

const WRITES = 'it makes the server write files';
const FETCHES = 'it makes the server fetch something';
const RUNS = 'it runs scripts of the server';
const SWITCHES = 'it loads another model than the one of the job';
const DEPENDS = 'what it does is decided by files of the server';

/** Fields of a raw body that are taken only when there is nothing in them. */
const REFUSED: Readonly<Record<string, string>> = {
  save_images: WRITES,
  outpath_samples: WRITES,
  outpath_grids: WRITES,
  save_dir: WRITES,
  s3_url: WRITES,
  image_link: FETCHES,
  image_url: FETCHES,
  script_name: RUNS,
  script_args: RUNS,
  alwayson_scripts: RUNS,
  styles: DEPENDS,
  infotext: 'it replaces other fields after they were checked',
  refiner_checkpoint: SWITCHES,
  refiner_switch_at: SWITCHES,
  hr_checkpoint_name: SWITCHES,
  hr_additional_modules: SWITCHES,
};

/** Why a field may hold nothing; undefined for every other field. */
export function rawRefusalOf(field: string): string | undefined {
  return Object.hasOwn(REFUSED, field) ? REFUSED[field] : undefined;
}

/** Nothing, or a value that turns it off; of lists and objects, all the way down. */
export function isHarmless(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '' || value === 0) return true;
  return value instanceof Object && Object.values(value).every(isHarmless);
}

const fileName = z
  .string()
  .max(256)
  .regex(/^[^/\\:]*$/, 'must be a name, not a path or an address');

/** Options that a request may set for itself: none names a directory, an address or a way to write. */
export const rawOverridesSchema = z.strictObject({
  sd_model_checkpoint: z.string().max(256).optional(),
  sd_vae: fileName.optional(),
  CLIP_stop_at_last_layers: z.int().min(1).max(12).optional(),
  eta_noise_seed_delta: z.int().optional(),
  forge_additional_modules: z.array(fileName).max(8).optional(),
});
