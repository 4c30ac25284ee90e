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
  /** `warm`: a worker has it loaded. */
  readonly state: Open<'warm' | 'cold'>;
}

/** A model with what a job may ask of it. */
export interface ModelDetail extends Model {
  /** The JSON Schema of `input`, for each of the model's tasks. */
  readonly inputSchemas: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
