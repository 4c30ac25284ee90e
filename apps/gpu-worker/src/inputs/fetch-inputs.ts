import { imageRefsOf, type NamedImageRef, type TaskInput } from '@afterimage/job-schemas';
import type { InputImage } from '../engines/engine.ts';
import { EngineError } from '../engines/engine-error.ts';
import { type FetchImagePorts, makeFetchImage } from './fetch-image.ts';
import { readInputImage } from './read-input-image.ts';

export type FetchInputsPorts = FetchImagePorts;

/** Whose request it is decides what it may refer to. */
export interface InputsOf {
  readonly request: TaskInput;
  readonly tenantId: string;
}

export type FetchInputs = (of: InputsOf, signal: AbortSignal) => Promise<ReadonlyMap<string, InputImage>>;

function checkMask(inputs: ReadonlyMap<string, InputImage>): void {
  const image = inputs.get('image');
  const mask = inputs.get('mask');
  if (image === undefined || mask === undefined) return;
  if (image.width === mask.width && image.height === mask.height) return;
  const sizes = `${image.width} × ${image.height} pixels, got ${mask.width} × ${mask.height}`;
  throw new EngineError('input_invalid', `input.mask must be of the image's size, ${sizes}`, { isRetryable: false });
}

/**
 * Fetches and checks every image that a request refers to, all at once; the first failure ends the others.
 * @throws EngineError `input_fetch_failed` or `input_invalid`, which names the field; the signal's reason when it aborts
 */
export function makeFetchInputs(ports: FetchInputsPorts): FetchInputs {
  const fetchImage = makeFetchImage(ports);

  async function fetchAll(tenantId: string, refs: readonly NamedImageRef[], signal: AbortSignal) {
    return Promise.all(
      refs.map(async ({ name, path, ref }): Promise<[string, InputImage]> => {
        const field = path.join('.');
        const data = await fetchImage({ tenantId, field, ref }, signal);
        return [name, await readInputImage(data, field)];
      }),
    );
  }

  return async function fetchInputs({ request, tenantId }, signal) {
    const refs = imageRefsOf(request.input);
    if (refs.length === 0) return new Map();
    const failure = new AbortController();
    try {
      const inputs = new Map(await fetchAll(tenantId, refs, AbortSignal.any([signal, failure.signal])));
      if (request.kind === 'image-to-image') checkMask(inputs);
      return inputs;
    } catch (error) {
      failure.abort(error);
      throw error;
    }
  };
}
