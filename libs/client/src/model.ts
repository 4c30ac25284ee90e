import type { Open } from './job.ts';

/** A model that the API can run. */
export interface Model {
  readonly id: string;
  readonly object: 'model';
  readonly description: string;
  readonly pool: string;
  readonly engine: string;
  readonly tasks: readonly Open<'text-to-image' | 'image-to-image' | 'upscale' | 'workflow'>[];
  readonly formats: readonly string[];
  readonly limits: {
    readonly maxWidth: number;
    readonly maxHeight: number;
    readonly maxSteps: number;
    readonly maxImages: number;
  };
}
