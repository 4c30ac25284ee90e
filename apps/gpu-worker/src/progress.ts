import type { JobInput, Progress } from '@afterimage/job-schemas';
import type { EngineProgress } from './engines/engine.ts';
import type { Time } from './time.ts';

interface Mark {
  readonly atMs: number;
  readonly steps: number;
}

/** The latest progress of an attempt. It stays in memory: the heartbeat takes it along when it is time. */
export class ProgressTracker {
  readonly #time: Pick<Time, 'monotonicMs'>;
  #current: Progress | null = null;
  #loadingSinceMs: number | undefined;
  /** The first step that the rate is measured from. */
  #first: Mark | undefined;
  #modelLoadMs: number | null = null;

  constructor(time: Pick<Time, 'monotonicMs'>) {
    this.#time = time;
  }

  get current(): Progress | null {
    return this.#current;
  }

  /** Milliseconds that the engine loaded its model for; null when it did not tell of it. */
  get modelLoadMs(): number | null {
    return this.#modelLoadMs;
  }

  record({ phase, image, images, step, steps }: EngineProgress): void {
    const atMs = this.#time.monotonicMs();
    if (phase === 'loading_model') {
      this.#loadingSinceMs ??= atMs;
      return;
    }
    if (this.#loadingSinceMs !== undefined) this.#modelLoadMs ??= Math.round(atMs - this.#loadingSinceMs);
    const total = images * steps;
    const done = Math.min(total, (image - 1) * steps + step);
    this.#first ??= { atMs, steps: done };
    this.#current = {
      fraction: total === 0 ? 0 : done / total,
      step,
      steps,
      image,
      images,
      etaSeconds: etaSeconds(this.#first, { atMs, steps: done }, total),
      previewUrl: null,
    };
  }

  /** The progress of a job that is done, whatever the engine told of. */
  finish(input: JobInput, images: number): Progress {
    const steps = 'steps' in input ? input.steps : (this.#current?.steps ?? 1);
    const done: Progress = { fraction: 1, step: steps, steps, image: images, images, etaSeconds: 0, previewUrl: null };
    this.#current = done;
    return done;
  }
}

/** Seconds, to a tenth, at the rate of the steps so far; null before there is a rate. */
function etaSeconds(first: Mark, last: Mark, total: number): number | null {
  const steps = last.steps - first.steps;
  if (steps <= 0) return null;
  const msPerStep = (last.atMs - first.atMs) / steps;
  return Math.round(((total - last.steps) * msPerStep) / 100) / 10;
}
