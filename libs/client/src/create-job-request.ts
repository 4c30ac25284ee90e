/** An image that the API fetches: an upload, an https URL, or an output of an earlier job (`job_.../0`). */
export type ImageRef = { readonly uploadId: string } | { readonly url: string } | { readonly jobOutput: string };

/** The bytes of a PNG, JPEG or WebP file. */
export type ImageFile = Blob | Uint8Array;
/** A file is uploaded before the job is created. */
export type ImageInput = ImageRef | ImageFile;

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

export interface ImageToImageInput<Image = ImageInput> extends TextToImageInput {
  readonly image: Image;
  /** White where the image may change. */
  readonly mask?: Image | undefined;
  /** 0 keeps the image, 1 ignores it. */
  readonly strength?: number | undefined;
}

export interface UpscaleInput<Image = ImageInput> {
  readonly image: Image;
  readonly scale?: number | undefined;
  readonly upscaler?: string | undefined;
}

export interface WorkflowInput<Image = ImageInput> {
  /** A ComfyUI workflow in API format. */
  readonly workflow: Readonly<
    Record<string, { readonly class_type: string; readonly inputs: Readonly<Record<string, unknown>> }>
  >;
  /** By the name that stands as `{{name}}` in the workflow. */
  readonly images?: Readonly<Record<string, Image>> | undefined;
}

/** When and how often a job may run, and how long its files are kept. */
export interface Policy {
  readonly priority?: 'interactive' | 'batch' | undefined;
  readonly startWithinSeconds?: number | undefined;
  readonly executionTimeoutSeconds?: number | undefined;
  readonly maxAttempts?: number | undefined;
  readonly retainSeconds?: number | undefined;
}

/** What a retry has otherwise than the job that it repeats. */
export interface RetryJobRequest {
  readonly input?: { readonly seed?: number | undefined } | undefined;
  readonly policy?: Policy | undefined;
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
  readonly policy?: Policy | undefined;
  readonly webhook?:
    | { readonly url: string; readonly events?: readonly WebhookEventType[] | undefined }
    | null
    | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** Body of `POST /v1/jobs`. Whatever is left out has a default, which the job then shows. */
export type CreateJobRequest<Image = ImageInput> = Common &
  (
    | { readonly task: 'text-to-image'; readonly input: TextToImageInput }
    | { readonly task: 'image-to-image'; readonly input: ImageToImageInput<Image> }
    | { readonly task: 'upscale'; readonly input: UpscaleInput<Image> }
    | { readonly task: 'workflow'; readonly input: WorkflowInput<Image> }
  );
