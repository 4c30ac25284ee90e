import { imageSeed, type ImageToImageInput, type TextToImageInput } from '@afterimage/job-schemas';
import { type Log, outsideJobScope } from '@afterimage/telemetry';
import sharp from 'sharp';
import type { Time } from '../../time.ts';
import type { Engine, EngineHealth, EngineJob, EngineModel, EngineRun } from '../engine.ts';
import { EngineError } from '../engine-error.ts';
import { ProgressReport } from '../progress-report.ts';
import type { PictureOrder, Pixels } from './pipeline/picture-order.ts';
import { InferenceProcess } from './process/inference-process.ts';
import type { ProcessSettings } from './process/messages.ts';
import { readInputPictures } from './read-input-pictures.ts';
import { isOnnxSampler, SAMPLER_NAMES } from './schedule/make-sampler.ts';
import type { ModelStore } from './store/model-store.ts';

export interface OnnxEngineOptions extends ProcessSettings {
  /** The built `onnx-process.mjs`, or `onnx-process.ts` where Node runs the sources. */
  readonly processUrl: URL;
  readonly models: ModelStore;
  /** How long an interrupted picture may take to come to its next step before its process is killed. */
  readonly stopGraceMs: number;
  readonly time: Time;
  readonly log: Log;
}

const PREVIEW_SIDE = 256;
const PREVIEW_QUALITY = 72;

/** A latent is a few pixels: enlarged smoothly, so that it looks like a picture. */
async function encodePreview({ width, height, data }: Pixels): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .resize(PREVIEW_SIDE, PREVIEW_SIDE, { fit: 'inside', kernel: 'cubic' })
    .jpeg({ quality: PREVIEW_QUALITY })
    .toBuffer();
}

function invalid(message: string): EngineError {
  return new EngineError('input_invalid', message, { isRetryable: false });
}

/** Runs Stable Diffusion models of diffusers' ONNX layout in a process of its own, without Python or a server. */
export class OnnxEngine implements Engine {
  readonly name = 'onnx';
  readonly #options: OnnxEngineOptions;
  #process: InferenceProcess | undefined;
  #isClosed = false;
  #version = '';

  constructor(options: OnnxEngineOptions) {
    this.#options = options;
  }

  /** Ready when the runtime loads and there is a model to run. */
  async probe(signal: AbortSignal): Promise<EngineHealth> {
    signal.throwIfAborted();
    if (this.#isClosed) return { alive: false, ready: false, version: this.#version };
    const models = await this.#options.models.list(signal);
    this.#version = await this.#liveProcess().ready;
    if (models.length === 0) this.#options.log.error('there is no model');
    return { alive: true, ready: models.length > 0, version: this.#version };
  }

  async listModels(signal: AbortSignal): Promise<readonly EngineModel[]> {
    return this.#options.models.list(signal);
  }

  async run(job: EngineJob, run: EngineRun): Promise<void> {
    const { signal, onProgress } = run;
    signal.throwIfAborted();
    const { request } = job;
    if (request.kind !== 'text-to-image' && request.kind !== 'image-to-image') {
      throw invalid(`this engine does text-to-image and image-to-image, not ${request.kind}`);
    }
    const { images, steps } = request.input;
    onProgress({ phase: 'loading_model', image: 1, images, step: 0, steps });
    const order = await this.#orderOf(job, request.input);
    const directory = await this.#options.models.open(job.model, signal);
    for (let index = 0; index < images; index += 1) {
      await this.#makeImage({ job, run, directory, index, images }, { ...order, seed: imageSeed(order.seed, index) });
    }
  }

  /** A process that still works is killed; the next run starts another. */
  async reset(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#process?.isBusy === true) await this.#endProcess();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#endProcess();
  }

  async #orderOf(job: EngineJob, input: TextToImageInput | ImageToImageInput): Promise<PictureOrder> {
    const { prompt, negativePrompt, steps, guidance, sampler, seed } = input;
    if (!isOnnxSampler(sampler)) {
      throw invalid(`input.sampler must be one of ${SAMPLER_NAMES.join(', ')} for this model, got ${sampler}`);
    }
    const order = { prompt, negativePrompt, steps, guidance, sampler, seed };
    if (!('image' in input)) return { ...order, width: input.width, height: input.height };
    const from = await readInputPictures(job, input);
    return { ...order, width: from.image.width, height: from.image.height, from };
  }

  async #makeImage(
    {
      job,
      run,
      directory,
      index,
      images,
    }: { job: EngineJob; run: EngineRun; directory: string; index: number; images: number },
    order: PictureOrder,
  ): Promise<void> {
    const { signal, onProgress, onImage, isPreviewDue } = run;
    const image = { phase: 'inferring', image: index + 1, images } as const;
    const report = new ProgressReport(onProgress, encodePreview, signal);
    const { picture, timings } = await this.#liveProcess().paint(
      directory,
      order,
      {
        onLoaded: () => report.add({ ...image, step: 0, steps: order.steps }, undefined),
        onStep: (step, steps, preview) =>
          report.add({ ...image, step, steps }, isPreviewDue?.() === true ? preview : undefined),
      },
      signal,
    );
    await report.told();
    signal.throwIfAborted();
    this.#options.log.debug('image made', { jobId: job.jobId, index, ...timings });
    await onImage({
      index,
      seed: order.seed,
      width: picture.width,
      height: picture.height,
      software: `Stable Diffusion (${this.#version})`,
      pixels: { kind: 'raw-rgb', data: picture.data },
    });
  }

  #liveProcess(): InferenceProcess {
    if (this.#isClosed) throw new EngineError('engine_error', 'the onnx engine is closed', { isRetryable: true });
    if (this.#process === undefined || this.#process.isDead) {
      const { processUrl: url, threads, providers, memoryBytes, decodeBytes, ...rest } = this.#options;
      const settings = { threads, providers, memoryBytes, decodeBytes };
      this.#process = outsideJobScope(() => new InferenceProcess({ url, settings, ...rest }));
    }
    return this.#process;
  }

  async #endProcess(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    await running?.kill();
  }
}
