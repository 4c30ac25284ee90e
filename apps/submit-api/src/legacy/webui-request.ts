import {
  type FieldError,
  isHarmless,
  LIMITS,
  type RawPath,
  placeholderOf,
  rawOverridesSchema,
  rawRefusalOf,
  rawSchemas,
} from '@afterimage/job-schemas';
import { errorsAt } from './payload-problem.ts';
import type { ImageTaker } from './take-images.ts';
import type { Content } from './webui-content.ts';

const PATHS = {
  'text-to-image': 'txt2img',
  'image-to-image': 'img2img',
  'extra-single-image': 'extra-single-image',
} as const satisfies Record<string, RawPath>;

export type WebuiTaskType = keyof typeof PATHS;

/** The body with its images taken out of it: `{{image}}`, `{{mask}}`. */
export function withoutImages(type: WebuiTaskType, body: Content, base: string, taker: ImageTaker): Content {
  if (type === 'text-to-image') return body;
  const { mask, image, init_images: initial } = body;
  if (type === 'extra-single-image') {
    return 'image' in body ? { ...body, image: taker.take(image, `${base}/image`, 'image') } : body;
  }
  const images = Array.isArray(initial)
    ? { init_images: initial.map((each, index) => taker.take(each, `${base}/init_images/${index}`, nameOf(index))) }
    : {};
  return { ...body, ...images, ...('mask' in body ? { mask: taker.take(mask, `${base}/mask`, 'mask') } : {}) };
}

function nameOf(index: number): string {
  return index === 0 ? 'image' : `image-${index}`;
}

/** Base64 of nothing much: the images have been checked where they were taken. */
const CHECKED = 'AAAA';

function checked(value: unknown): unknown {
  return placeholderOf(value) === undefined ? value : CHECKED;
}

function present(body: Content): Content {
  const entries = Object.entries(body).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(
    entries.map(([field, value]) => [field, Array.isArray(value) ? value.map(checked) : checked(value)]),
  );
}

function refused(body: Content, base: string): FieldError[] {
  return Object.entries(body).flatMap(([field, value]) => {
    const reason = rawRefusalOf(field);
    if (reason === undefined || isHarmless(value)) return [];
    return [{ pointer: `${base}/${field}`, code: 'refused', detail: `must be left out: ${reason}` }];
  });
}

function tooManyImages(body: Content, base: string): FieldError[] {
  const count = imagesOf(body);
  if (count <= LIMITS.images.max) return [];
  const detail = `times n_iter must be at most ${LIMITS.images.max}, got ${count}`;
  return [{ pointer: `${base}/batch_size`, code: 'too_big', detail, limit: LIMITS.images.max }];
}

function positive(value: unknown): number {
  return typeof value === 'number' && value > 0 ? value : 1;
}

/** How many images a sampling request is for. */
export function imagesOf({ batch_size: size, n_iter: batches }: Content): number {
  return positive(size) * positive(batches);
}

/** Everything in the body that the worker would refuse, before the job is accepted. */
export function bodyErrors(type: WebuiTaskType, body: Content, base: string): FieldError[] {
  const values = present(body);
  const fields = rawSchemas()[PATHS[type]].safeParse(values);
  const overrides = rawOverridesSchema.safeParse(values['override_settings'] ?? {});
  return [
    ...refused(body, base),
    ...(fields.success ? [] : errorsAt(base, fields.error, values)),
    ...(overrides.success ? [] : errorsAt(`${base}/override_settings`, overrides.error, values['override_settings'])),
    ...(type === 'extra-single-image' ? [] : tooManyImages(body, base)),
  ];
}
