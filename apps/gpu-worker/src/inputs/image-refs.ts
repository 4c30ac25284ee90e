import type { ImageRef, TaskInput } from '@afterimage/job-schemas';

/** An image that a request refers to. */
export interface NamedRef {
  /** Under which the engine finds it: `image`, `mask`, or the name that a workflow gives it. */
  readonly name: string;
  /** Where the request says so, for messages. */
  readonly field: string;
  readonly ref: ImageRef;
}

/** Every image that the request refers to. The bodies of `raw` requests hold theirs themselves. */
export function imageRefsOf({ kind, input }: TaskInput): readonly NamedRef[] {
  switch (kind) {
    case 'text-to-image':
    case 'raw':
      return [];
    case 'upscale':
      return [{ name: 'image', field: 'input.image', ref: input.image }];
    case 'image-to-image': {
      const image = { name: 'image', field: 'input.image', ref: input.image };
      return input.mask === undefined ? [image] : [image, { name: 'mask', field: 'input.mask', ref: input.mask }];
    }
    case 'workflow':
      return Object.entries(input.images).map(([name, ref]) => ({ name, field: `input.images.${name}`, ref }));
  }
}
