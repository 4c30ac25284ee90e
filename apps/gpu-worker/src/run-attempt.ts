import type { JobInput, JobRecord, StoredOutput, Timings } from '@afterimage/job-schemas';
import { toTaskInput } from '@afterimage/job-schemas';
import { aborted } from './abort.ts';
import type { Engine, EngineImage } from './engines/engine.ts';
import { EngineError } from './engines/engine-error.ts';
import type { EncodedImage, StoreImagePorts } from './outputs/store-image.ts';
import { makeStoreImage } from './outputs/store-image.ts';
import type { PhaseWriter } from './phase-writer.ts';
import type { ProgressTracker } from './progress.ts';

export interface RunAttemptPorts extends StoreImagePorts {
  readonly engine: Engine;
  readonly encode: (image: EngineImage, job: JobRecord) => Promise<EncodedImage>;
}

/** What one attempt is made of. */
export interface AttemptRun {
  readonly job: JobRecord;
  readonly progress: ProgressTracker;
  readonly phases: PhaseWriter;
  readonly signal: AbortSignal;
  /** Ends the attempt, with the reason that the signal then has. */
  interrupt(reason: Error): void;
}

export interface AttemptResult {
  readonly outputs: StoredOutput[];
  readonly timings: Omit<Timings, 'queuedMs'>;
}

/** How many images a job is for; null where only the engine knows, which then makes one at least. */
function expectedImages(input: JobInput): number | null {
  if ('images' in input && typeof input.images === 'number') return input.images;
  return 'scale' in input ? 1 : null;
}

/** Time that an engine has to stop after it was interrupted, before the attempt ends without it. */
const INTERRUPT_MS = 10_000;

/**
 * Runs the engine and stores each image while the next one is being made. Whatever goes wrong interrupts the rest of it.
 * @throws the reason of the first interruption, which for a failure of its own is that failure
 */
export function makeRunAttempt(ports: RunAttemptPorts) {
  const { engine, time, encode } = ports;
  const storeImage = makeStoreImage(ports);

  /** Rejects when the engine goes on for too long after it was interrupted; stands by until `done`. */
  async function outstay(signal: AbortSignal, done: AbortSignal): Promise<never> {
    await aborted(AbortSignal.any([signal, done]));
    await time.wait(INTERRUPT_MS, done);
    throw signal.reason ?? new Error('the engine is done');
  }

  async function runEngine(
    { job, progress, phases, signal }: AttemptRun,
    onImage: (image: EngineImage) => Promise<void>,
  ) {
    const { id: jobId, attempt, model } = job;
    const done = new AbortController();
    const run = engine.run(
      { jobId, attempt, model, request: toTaskInput(job.task, job.input), inputs: new Map() },
      {
        signal,
        onImage,
        onProgress(event) {
          phases.enter(event.phase);
          progress.record(event);
        },
      },
    );
    try {
      await Promise.race([run, outstay(signal, done.signal)]);
    } finally {
      done.abort();
    }
  }

  /** Starts an upload per image, while the engine makes the next one. */
  async function makeImages(attempt: AttemptRun, uploads: Promise<StoredOutput>[]): Promise<AttemptResult> {
    const { job, progress, phases, signal, interrupt } = attempt;
    const startedAtMs = time.monotonicMs();
    await runEngine(attempt, async (image) => {
      signal.throwIfAborted();
      const upload = storeImage(job, image, await encode(image, job), signal);
      uploads.push(upload);
      // An image that cannot be stored makes the rest of the run pointless.
      upload.catch(interrupt);
    });
    const expected = expectedImages(job.input);
    if (expected === null ? uploads.length === 0 : uploads.length !== expected) {
      const message = `the engine made ${uploads.length} of ${expected ?? 'some'} images`;
      throw new EngineError('bad_output', message, { isRetryable: true });
    }
    const madeAtMs = time.monotonicMs();
    phases.enter('uploading');
    const outputs = await Promise.all(uploads);
    const modelLoadMs = progress.modelLoadMs;
    return {
      outputs: outputs.sort((a, b) => a.index - b.index),
      timings: {
        modelLoadMs,
        inferenceMs: Math.round(madeAtMs - startedAtMs) - (modelLoadMs ?? 0),
        uploadMs: Math.round(time.monotonicMs() - madeAtMs),
      },
    };
  }

  return async function runAttempt(attempt: AttemptRun): Promise<AttemptResult> {
    const uploads: Promise<StoredOutput>[] = [];
    try {
      return await makeImages(attempt, uploads);
    } catch (error) {
      attempt.interrupt(error instanceof Error ? error : new Error('the attempt failed', { cause: error }));
      await Promise.allSettled(uploads);
      throw attempt.signal.reason;
    }
  };
}
