import type { TextToImageInput } from '@afterimage/job-schemas';
import type { Deferred } from '@afterimage/testing';
import { deferred } from '@afterimage/testing';
import type { Engine, EngineImage, EngineJob, EngineRun } from '../../src/engines/engine.ts';

export type Script = (job: EngineJob, run: EngineRun) => Promise<void>;

export function anImage(index = 0, seed = 42): EngineImage {
  return { index, seed, width: 8, height: 8, pixels: { kind: 'encoded', data: Uint8Array.of(index, 1, 2, 3) } };
}

function inputOf({ kind, input }: EngineJob['request']): TextToImageInput {
  if (kind !== 'text-to-image') throw new Error(`the fake engine makes no ${kind}`);
  return input;
}

/** Makes every image at once. */
export const paints: Script = async ({ request }, { signal, onProgress, onImage }) => {
  const input = inputOf(request);
  for (let index = 0; index < input.images; index++) {
    signal.throwIfAborted();
    onProgress({ phase: 'inferring', image: index + 1, images: input.images, step: input.steps, steps: input.steps });
    await onImage(anImage(index, input.seed + index));
  }
};

/** Stops half-way until `gate` opens; honours the abort. */
export function paintsWhen(gate: Promise<void>): Script {
  return async (job, run) => {
    const { steps, images } = inputOf(job.request);
    run.onProgress({ phase: 'inferring', image: 1, images, step: steps / 2, steps });
    const stop = deferred<never>();
    run.signal.addEventListener('abort', () => stop.reject(run.signal.reason), { once: true });
    await Promise.race([gate, stop.promise]);
    await paints(job, run);
  };
}

export function fails(error: unknown): Script {
  return async () => {
    throw error;
  };
}

/** An engine that plays a script; the next one of `scripts` for each run, the last one from then on. */
export class FakeEngine implements Engine {
  readonly name = 'fake';
  readonly runs: EngineJob[] = [];
  resets = 0;
  onReset: () => Promise<void> = () => Promise.resolve();
  isReady = true;
  /** How many runs go on at this moment. */
  running = 0;
  maxRunning = 0;
  readonly started: Deferred<EngineJob> = deferred<EngineJob>();
  readonly #scripts: readonly Script[];

  constructor(...scripts: readonly Script[]) {
    this.#scripts = scripts.length > 0 ? scripts : [paints];
  }

  async probe() {
    return { alive: true, ready: this.isReady, version: 'fake' };
  }

  async listModels() {
    return [];
  }

  async run(job: EngineJob, run: EngineRun): Promise<void> {
    const script = this.#scripts[Math.min(this.runs.length, this.#scripts.length - 1)] ?? paints;
    this.runs.push(job);
    this.running += 1;
    this.maxRunning = Math.max(this.maxRunning, this.running);
    this.started.resolve(job);
    try {
      await script(job, run);
    } finally {
      this.running -= 1;
    }
  }

  async reset(): Promise<void> {
    this.resets += 1;
    await this.onReset();
  }

  async close(): Promise<void> {}
}
