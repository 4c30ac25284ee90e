import type { UpscaleInput } from '@afterimage/job-schemas';
import type { InputImage } from '../../engine.ts';
import type { Template } from './template.ts';
import { saveNode } from './template.ts';

/**
 * The workflow that enlarges the image fetched as `image`. A model enlarges by a factor of its own; the scale after it gives
 * the size that was asked for. Without a model that scale is all, and not the server's `ImageScaleBy`, which rounds its own way.
 *
 * @param upscaler the server's file of a model
 */
export function upscale(
  { scale }: Pick<UpscaleInput, 'scale'>,
  image: Pick<InputImage, 'width' | 'height'>,
  upscaler: string | undefined,
): Template {
  const size = { width: Math.round(image.width * scale), height: Math.round(image.height * scale) };
  const source = upscaler === undefined ? 'image' : 'enlarged';
  const modelNodes = {
    upscaler: { class_type: 'UpscaleModelLoader', inputs: { model_name: upscaler } },
    enlarged: {
      class_type: 'ImageUpscaleWithModel',
      inputs: { upscale_model: ['upscaler', 0], image: ['image', 0] },
    },
  };
  return {
    seed: null,
    size,
    workflow: {
      image: { class_type: 'LoadImage', inputs: { image: '{{image}}' } },
      ...(upscaler === undefined ? {} : modelNodes),
      scaled: {
        class_type: 'ImageScale',
        inputs: { image: [source, 0], upscale_method: 'lanczos', ...size, crop: 'disabled' },
      },
      ...saveNode(['scaled', 0]),
    },
  };
}
