import { placeholderOf, type RawInput } from '@afterimage/job-schemas';
import type { EngineJob, InputImage } from '../engine.ts';
import { EngineError } from '../engine-error.ts';

function base64(image: InputImage): string {
  return Buffer.from(image.data.buffer, image.data.byteOffset, image.data.byteLength).toString('base64');
}

/**
 * The body with the images that were fetched for it in the place of `{{name}}`: the server itself fetches nothing.
 * @throws EngineError `input_fetch_failed` when one of them is not there
 */
export function withInlineImages({ raw, images }: RawInput, inputs: EngineJob['inputs']): RawInput['raw'] {
  if (images === undefined) return raw;
  function fill(value: unknown): unknown {
    const name = placeholderOf(value);
    if (name === undefined) return value;
    const image = inputs.get(name);
    if (image !== undefined) return base64(image);
    throw new EngineError('input_fetch_failed', `the image "${name}" of the job is not there`, { isRetryable: true });
  }
  const filled = { ...raw };
  for (const field of ['image', 'mask']) if (field in filled) filled[field] = fill(filled[field]);
  const { init_images: initial } = filled;
  return Array.isArray(initial) ? { ...filled, init_images: initial.map(fill) } : filled;
}
