import type { Faults } from './faults.ts';
import { JobState } from './job-state.ts';
import { makePicture } from './picture.ts';
import {
  type Answer,
  exceptionAnswer,
  type FakeDialect,
  type FakeModel,
  httpExceptionAnswer,
  infoOf,
  ok,
  samplersOf,
  UPSCALERS,
} from './wire-shapes.ts';

export interface WebuiOptions {
  readonly dialect: FakeDialect;
  readonly models: readonly FakeModel[];
  readonly msPerImage: number;
  readonly msPerLoad: number;
  readonly hasGrid: boolean;
}

type Body = Readonly<Record<string, unknown>>;

const HUGE_INFO = 32 * 1024 * 1024;
const SLOW_BEGIN_MS = 100;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

function text(value: unknown, fallback: string): string {
  return typeof value === 'string' && value !== '' ? value : fallback;
}

function count(value: unknown, fallback: number): number {
  return typeof value === 'number' ? value : fallback;
}

/** The size of a PNG; 64 for anything else. */
function sizeOf(base64: string): { readonly width: number; readonly height: number } {
  const file = Buffer.from(base64, 'base64');
  return file.subarray(1, 4).toString('latin1') === 'PNG'
    ? { width: file.readUInt32BE(16), height: file.readUInt32BE(20) }
    : { width: 64, height: 64 };
}

/** The WebUI behind its API: one job at a time, a loaded checkpoint, and options that outlive a request. */
export class Webui {
  readonly options: WebuiOptions;
  readonly #faults: Faults;
  #loaded: FakeModel | undefined;
  #tail: Promise<unknown> = Promise.resolve();
  state = new JobState();
  ooms = 0;
  running = 0;
  #starts = 0;

  constructor(options: WebuiOptions, faults: Faults) {
    this.options = options;
    this.#faults = faults;
    this.#loaded = options.models[0];
  }

  get loaded(): FakeModel | undefined {
    return this.#faults.isOn('noModel') ? undefined : this.#loaded;
  }

  /** Runs one request after the other, as the WebUI's lock does. */
  async locked(work: () => Promise<Answer>): Promise<Answer> {
    const turn = this.#tail.then(work);
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  async generate(body: Body, path: string): Promise<Answer> {
    this.running += 1;
    const start = this.#starts;
    const { state } = this;
    if (this.#faults.strikes('slowBegin')) await pause(SLOW_BEGIN_MS);
    state.begin(path);
    try {
      const answer = path === 'extra-single-image' ? await this.#upscale(body) : await this.#draw(body, path);
      // SD.Next has no `finally` there: a failed request leaves its job behind.
      if (answer.status === 200 || this.options.dialect !== 'sdnext') state.end();
      return answer;
    } finally {
      if (start === this.#starts) this.running -= 1;
    }
  }

  #failure(): Answer | undefined {
    const { dialect } = this.options;
    const faults = this.#faults;
    if (faults.isOn('stickyCuda')) {
      return exceptionAnswer(dialect, 'RuntimeError', 'CUDA error: an illegal memory access was encountered');
    }
    if (faults.isOn('noModel')) {
      return dialect === 'sdnext'
        ? this.#nothing()
        : exceptionAnswer(dialect, 'AttributeError', "'NoneType' object has no attribute 'lowvram'");
    }
    if (faults.strikes('oom')) {
      this.ooms += 1;
      if (dialect === 'sdnext') {
        // Errors of its pipeline end there, as if somebody had interrupted it.
        this.state.interrupted = true;
        return this.#nothing();
      }
      return exceptionAnswer(dialect, 'OutOfMemoryError', 'CUDA out of memory. Tried to allocate 20.00 GiB');
    }
    if (faults.strikes('nansException')) {
      return exceptionAnswer(dialect, 'NansException', 'A tensor with NaNs was produced in Unet.');
    }
    if (faults.strikes('http500'))
      return exceptionAnswer(dialect, 'RuntimeError', 'mat1 and mat2 cannot be multiplied');
    if (faults.strikes('http429')) return httpExceptionAnswer(dialect, 429, 'rate limit exceeded');
    return undefined;
  }

  #nothing(): Answer {
    return ok({ images: [], parameters: {}, info: '' });
  }

  /** An unknown checkpoint is left out without a word. */
  async #load(asked: unknown): Promise<void> {
    const wanted = this.options.models.find(
      ({ name, hash }) => asked === name || asked === `${name}.safetensors [${hash}]` || asked === hash,
    );
    if (wanted === undefined || wanted === this.#loaded || this.#faults.isOn('silentModelSwap')) return;
    await pause(this.options.msPerLoad);
    this.#loaded = wanted;
  }

  #samplerOf(asked: unknown): string {
    const samplers = samplersOf(this.options.dialect);
    const first = samplers[0] ?? '';
    if (this.#faults.isOn('silentSamplerSwap')) return first;
    return samplers.find((name) => asked === name || asked === `${name} Karras`) ?? first;
  }

  async #draw(body: Body, path: string): Promise<Answer> {
    const { dialect, msPerImage } = this.options;
    const faults = this.#faults;
    if (path === 'img2img' && !Array.isArray(body['init_images'])) {
      return httpExceptionAnswer(dialect, 404, 'Init image not found');
    }
    const overrides: unknown = body['override_settings'];
    if (overrides instanceof Object && 'sd_model_checkpoint' in overrides) {
      await this.#load(overrides.sd_model_checkpoint);
    }
    const failure = this.#failure();
    const model = this.#loaded;
    if (failure !== undefined || model === undefined) return failure ?? this.#nothing();
    const images = count(body['batch_size'], 1) * count(body['n_iter'], 1);
    const steps = count(body['steps'], 50);
    if (faults.isOn('hang')) await this.state.freeze(images, steps);
    await this.state.sample(images, steps, msPerImage);
    if (faults.strikes('emptyImages')) return this.#nothing();
    return ok(this.#result(body, { images, steps, model }));
  }

  #result(body: Body, { images, steps, model }: { images: number; steps: number; model: FakeModel }): object {
    const faults = this.#faults;
    const seed = count(body['seed'], -1) + (faults.strikes('otherSeeds') ? 1 : 0);
    const hasGrid = this.options.hasGrid && images > 1;
    // The echo keeps the asked size; the picture is smaller.
    const width = Math.floor(count(body['width'], 512) / 8) * 8 - (faults.strikes('wrongSize') ? 8 : 0);
    const height = Math.floor(count(body['height'], 512) / 8) * 8;
    const seeds = Array.from({ length: images }, (_, index) => seed + index);
    const prompt = text(body['prompt'], '');
    const info = infoOf(this.options.dialect, {
      seeds,
      width,
      height,
      steps,
      prompt,
      model,
      hasGrid,
      sampler: this.#samplerOf(text(body['sampler_name'], text(body['sampler_index'], 'Euler'))),
    });
    const isBlack = faults.strikes('nan');
    const pictures = [...(hasGrid ? [0] : []), ...seeds].map((each) =>
      makePicture({ width, height, seed: isBlack ? null : each, parameters: `${prompt}\nSeed: ${each}` }).toString(
        'base64',
      ),
    );
    if (faults.strikes('fewerImages')) pictures.pop();
    if (faults.strikes('corruptImage')) pictures[0] = (pictures[0] ?? '').slice(0, 240);
    const { init_images, mask, ...parameters } = body;
    return {
      images: body['send_images'] === false ? [] : pictures,
      parameters: { ...parameters, ...(init_images === undefined ? {} : { init_images: null, mask: mask && null }) },
      info: this.#written(info),
    };
  }

  #written(info: Record<string, unknown>): string {
    if (this.#faults.strikes('badInfo')) return '{"all_seeds": [';
    const padding = this.#faults.strikes('hugeInfo') ? { comments: ' '.repeat(HUGE_INFO) } : {};
    return JSON.stringify({ ...info, ...padding });
  }

  async #upscale(body: Body): Promise<Answer> {
    const { dialect, msPerImage } = this.options;
    const upscaler = text(body['upscaler_1'], 'None');
    if (!UPSCALERS.some(({ name }) => name === upscaler)) {
      return exceptionAnswer(dialect, 'AssertionError', `could not find upscaler named ${upscaler}`);
    }
    const failure = this.#failure();
    if (failure !== undefined) return failure;
    if (this.#faults.isOn('hang')) await this.state.freeze(1, 1);
    await this.state.sample(1, 1, msPerImage);
    const { width, height } = sizeOf(text(body['image'], ''));
    const scale = count(body['upscaling_resize'], 2);
    const isBlack = this.#faults.strikes('nan');
    const picture = makePicture({
      width: Math.floor((width * scale) / 8) * 8,
      height: Math.floor((height * scale) / 8) * 8,
      seed: isBlack ? null : 1,
      parameters: '',
    });
    return ok({ html_info: '', image: this.#faults.strikes('emptyImages') ? '' : picture.toString('base64') });
  }

  /** A new process: nothing runs, nothing is remembered. */
  restart(): void {
    this.state = new JobState();
    this.#tail = Promise.resolve();
    this.running = 0;
    this.#starts += 1;
    this.#loaded = this.options.models[0];
  }
}
