/** An image that the API fetches: an upload, an https URL, or an output of an earlier job (`job_.../0`). */
export type ImageRef = { readonly uploadId: string } | { readonly url: string } | { readonly jobOutput: string };

export type Sampler = 'euler' | 'euler_a' | 'ddim' | 'dpmpp_2m' | 'dpmpp_2m_karras' | 'dpmpp_sde_karras' | 'lcm';
export type OutputFormat = 'png' | 'jpeg' | 'webp' | 'avif';
export type WebhookEventType =
  | 'job.queued'
  | 'job.started'
  | 'job.succeeded'
  | 'job.failed'
  | 'job.canceled'
  | 'job.expired';

interface Sampling {
  readonly prompt: string;
  readonly negativePrompt?: string | undefined;
  readonly steps?: number | undefined;
  readonly guidance?: number | undefined;
  readonly sampler?: Sampler | undefined;
  /** The same seed gives the same images; without it the API draws one. */
  readonly seed?: number | undefined;
  readonly images?: number | undefined;
}

export interface TextToImageInput extends Sampling {
  /** Pixels. */
  readonly width?: number | undefined;
  /** Pixels. */
  readonly height?: number | undefined;
}

export interface ImageToImageInput extends TextToImageInput {
  readonly image: ImageRef;
  /** White where the image may change. */
  readonly mask?: ImageRef | undefined;
  /** 0 keeps the image, 1 ignores it. */
  readonly strength?: number | undefined;
}

export interface UpscaleInput {
  readonly image: ImageRef;
  readonly scale?: number | undefined;
  readonly upscaler?: string | undefined;
}

export interface WorkflowInput {
  /** A ComfyUI workflow in API format. */
  readonly workflow: Readonly<
    Record<string, { readonly class_type: string; readonly inputs: Readonly<Record<string, unknown>> }>
  >;
  /** By the name that stands as `{{name}}` in the workflow. */
  readonly images?: Readonly<Record<string, ImageRef>> | undefined;
}

interface Common {
  readonly model: string;
  readonly output?:
    | {
        readonly format?: OutputFormat | undefined;
        /** 1 to 100, of the formats that have a quality. */
        readonly quality?: number | undefined;
        readonly thumbnail?: boolean | undefined;
        /** Writes prompt, seed and settings into the file. */
        readonly embedParameters?: boolean | undefined;
      }
    | undefined;
  readonly policy?:
    | {
        readonly priority?: 'interactive' | 'batch' | undefined;
        readonly startWithinSeconds?: number | undefined;
        readonly executionTimeoutSeconds?: number | undefined;
        readonly maxAttempts?: number | undefined;
        readonly retainSeconds?: number | undefined;
      }
    | undefined;
  readonly webhook?:
    | { readonly url: string; readonly events?: readonly WebhookEventType[] | undefined }
    | null
    | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** Body of `POST /v1/jobs`. Whatever is left out has a default, which the job then shows. */
export type CreateJobRequest = Common &
  (
    | { readonly task: 'text-to-image'; readonly input: TextToImageInput }
    | { readonly task: 'image-to-image'; readonly input: ImageToImageInput }
    | { readonly task: 'upscale'; readonly input: UpscaleInput }
    | { readonly task: 'workflow'; readonly input: WorkflowInput }
  );
