import { imageSeed, type TextToImageInput } from '@afterimage/job-schemas';
import sharp from 'sharp';
import type { Engine, EngineHealth, EngineJob, EngineModel, EngineRun } from '../engine.ts';
import { EngineError } from '../engine-error.ts';
import { ProgressReport } from '../progress-report.ts';
import { PaintThread } from './paint-thread.ts';
import type { PaintOrder, PixelBlock } from './thread-messages.ts';

/** Changes whenever the same request would give other bytes. */
const VERSION = 'sketch-1';
const SOFTWARE = 'Afterimage sketch (procedural placeholder renderer, not a diffusion model)';
const MODEL: EngineModel = { id: 'sketch-1', tasks: ['text-to-image'] };
const PREVIEW_QUALITY = 72;

export interface SketchEngineOptions {
  /** The built `sketch-thread.mjs`, or `sketch-thread.ts` where Node runs the sources. */
  readonly threadUrl: URL;
  /** The least time a step takes, in milliseconds, for load tests and demonstrations; 0 = as fast as it goes. */
  readonly msPerStep: number;
}

/** Paints placeholder pictures about the prompt, by rules and not by a model, in a worker thread. */
export class SketchEngine implements Engine {
  readonly name = 'sketch';
  readonly #options: SketchEngineOptions;
  #thread: PaintThread | undefined;
  #isClosed = false;

  constructor(options: SketchEngineOptions) {
    if (!(Number.isFinite(options.msPerStep) && options.msPerStep >= 0)) {
      throw new RangeError(`msPerStep must be a finite number from 0, but is ${options.msPerStep}`);
    }
    this.#options = options;
  }

  async probe(signal: AbortSignal): Promise<EngineHealth> {
    signal.throwIfAborted();
    return { alive: !this.#isClosed, ready: !this.#isClosed, version: VERSION };
  }

  async listModels(signal: AbortSignal): Promise<readonly EngineModel[]> {
    signal.throwIfAborted();
    return [MODEL];
  }

  async run({ model, request }: EngineJob, run: EngineRun): Promise<void> {
    const { signal, onProgress, onImage, isPreviewDue = () => false } = run;
    signal.throwIfAborted();
    if (model !== MODEL.id || request.kind !== 'text-to-image') {
      throw new EngineError('model_load_failed', `the sketch engine has no model ${model} for ${request.kind}`, {
        isRetryable: false,
      });
    }
    const { input } = request;
    const { images, steps, seed, width, height } = input;
    onProgress({ phase: 'loading_model', image: 1, images, step: 0, steps });
    for (let index = 0; index < images; index += 1) {
      const report = new ProgressReport(onProgress, encodePreview, signal);
      const image = { phase: 'inferring', image: index + 1, images, steps } as const;
      const order = this.#orderOf(input, imageSeed(seed, index));
      const picture = await this.#liveThread().paint(
        order,
        { onStep: (step, preview) => report.add({ ...image, step }, preview), isPreviewDue },
        signal,
      );
      await report.told();
      signal.throwIfAborted();
      await onImage({
        index,
        seed: order.scene.seed,
        width,
        height,
        software: SOFTWARE,
        pixels: { kind: 'raw-rgb', data: picture.data },
      });
    }
  }

  /** A thread that has not stopped by now is ended; the next run starts another. */
  async reset(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#thread?.isBusy === true) await this.#endThread();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#endThread();
  }

  #orderOf(input: TextToImageInput, seed: number): PaintOrder {
    const { prompt, negativePrompt, width, height, guidance, steps } = input;
    const { msPerStep } = this.#options;
    return { scene: { prompt, negativePrompt, width, height, guidance, seed }, steps, msPerStep };
  }

  #liveThread(): PaintThread {
    if (this.#isClosed) throw new EngineError('engine_error', 'the sketch engine is closed', { isRetryable: true });
    if (this.#thread === undefined || this.#thread.isDead) this.#thread = new PaintThread(this.#options.threadUrl);
    return this.#thread;
  }

  async #endThread(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.terminate();
  }
}

async function encodePreview({ width, height, data }: PixelBlock): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: PREVIEW_QUALITY })
    .toBuffer();
}
