import type { CreateJobRequest, ImageInput, ImageRef } from './create-job-request.ts';
import type { Uploads } from './uploads.ts';

/** The request with an upload in the place of each file. */
export async function uploadImages(
  request: CreateJobRequest,
  uploads: Uploads,
  signal: AbortSignal | undefined,
): Promise<CreateJobRequest<ImageRef>> {
  async function toRef(image: ImageInput): Promise<ImageRef> {
    const isFile = image instanceof Blob || image instanceof Uint8Array;
    return isFile ? { uploadId: await uploads.create(image, { signal }) } : image;
  }

  switch (request.task) {
    case 'image-to-image': {
      const { image, mask, ...input } = request.input;
      const [imageRef, maskRef] = await Promise.all([toRef(image), mask && toRef(mask)]);
      return { ...request, input: { ...input, image: imageRef, ...(maskRef && { mask: maskRef }) } };
    }
    case 'upscale': {
      return { ...request, input: { ...request.input, image: await toRef(request.input.image) } };
    }
    case 'workflow': {
      const { images, ...input } = request.input;
      if (images === undefined) return { ...request, input };
      const refs = await Promise.all(
        Object.entries(images).map(async ([name, image]) => [name, await toRef(image)] as const),
      );
      return { ...request, input: { ...input, images: Object.fromEntries(refs) } };
    }
    default:
      return request;
  }
}
