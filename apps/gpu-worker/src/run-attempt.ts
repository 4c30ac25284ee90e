import type { JobInput, JobRecord, StoredOutput, Timings } from '@afterimage/job-schemas';
import { toTaskInput } from '@afterimage/job-schemas';
import { aborted } from './abort.ts';
import type { Engine, EngineImage, InputImage } from './engines/engine.ts';
import { EngineError } from './engines/engine-error.ts';
import type { WriteImagePorts } from './outputs/write-image.ts';
import { makeWriteImage } from './outputs/write-image.ts';
import type { Phases } from './phases.ts';
import type { AttemptPreview } from './previews/live-previews.ts';
import type { ProgressTracker } from './progress.ts';

export interface RunAttemptPorts extends WriteImagePorts {
  readonly engine: Engine;
}

/** What one attempt is made of. */
export interface AttemptRun {
  readonly job: JobRecord;
  readonly progress: ProgressTracker;
  readonly phases: Phases;
  readonly preview: AttemptPreview;
  readonly signal: AbortSignal;
  /** Ends the attempt, with the reason that the signal then has. */
  interrupt(reason: Error): void;
}

export interface AttemptResult {
  readonly outputs: StoredOutput[];
  readonly timings: Omit<Timings, 'queuedMs'>;
}

/** What the job asks of the engine beside its record. */
export interface RunInput {
  readonly inputs: ReadonlyMap<string, InputImage>;
  /** The engine is idle again; see {@link EngineRun.onEngineFree}. */
  readonly onEngineFree: () => Promise<void>;
}

/** Encodes and uploads what is left when the engine is done. */
type Finish = () => Promise<AttemptResult>;

/** How many images a job is for; null where only the engine knows, which then makes one at least. */
function expectedImages(input: JobInput): number | null {
  if ('images' in input && typeof input.images === 'number') return input.images;
  return 'scale' in input ? 1 : null;
}

/** Time that an engine has to stop after it was interrupted, before the attempt ends without it. */
const INTERRUPT_MS = 10_000;

/**
 * Runs the engine; an image is encoded and stored while the next one, of this job or another, is being made. Whatever goes
 * wrong interrupts the rest of it. The promise is for the engine's part, the function that it yields for what follows.
 * @throws the reason of the first interruption, which for a failure of its own is that failure; so does the function
 */
export function makeRunAttempt(ports: RunAttemptPorts) {
  const { engine, time } = ports;
  const writeImage = makeWriteImage(ports);

  /** Rejects when the engine goes on for too long after it was interrupted; stands by until `done`. */
  async function outstay(signal: AbortSignal, done: AbortSignal): Promise<never> {
    await aborted(AbortSignal.any([signal, done]));
    await time.wait(INTERRUPT_MS, done);
    throw signal.reason ?? new Error('the engine is done');
  }

  async function runEngine(
    { job, progress, phases, preview, signal }: AttemptRun,
    { inputs, onEngineFree }: RunInput,
    onImage: (image: EngineImage) => Promise<void>,
  ) {
    const { id: jobId, attempt, model } = job;
    const done = new AbortController();
    const run = engine.run(
      { jobId, attempt, model, request: toTaskInput(job.task, job.input), inputs },
      {
        signal,
        onImage,
        onEngineFree,
        isPreviewDue: () => preview.isDue(),
        onProgress(event) {
          phases.enter(event.phase);
          progress.record(event);
          if (event.preview !== undefined) preview.offer(event.preview);
        },
      },
    );
    try {
      await Promise.race([run, outstay(signal, done.signal)]);
    } finally {
      done.abort();
    }
  }

  async function makeImages(attempt: AttemptRun, given: RunInput, stored: Promise<StoredOutput>[]): Promise<Finish> {
    const { job, progress, phases, signal, interrupt } = attempt;
    const startedAtMs = time.monotonicMs();
    async function take(image: EngineImage): Promise<void> {
      const { stored: upload } = await writeImage(job, image, signal);
      stored.push(upload);
      // An image that cannot be stored makes the rest of the run pointless.
      upload.catch(interrupt);
    }
    await runEngine(attempt, given, take);
    const expected = expectedImages(job.input);
    if (expected === null ? stored.length === 0 : stored.length !== expected) {
      const message = `the engine made ${stored.length} of ${expected ?? 'some'} images`;
      throw new EngineError('bad_output', message, { isRetryable: true });
    }
    const madeAtMs = time.monotonicMs();
    phases.enter('uploading');
    const modelLoadMs = progress.modelLoadMs;
    return async () => {
      const outputs = await Promise.all(stored);
      return {
        outputs: outputs.sort((a, b) => a.index - b.index),
        timings: {
          modelLoadMs,
          inferenceMs: Math.round(madeAtMs - startedAtMs) - (modelLoadMs ?? 0),
          uploadMs: Math.round(time.monotonicMs() - madeAtMs),
        },
      };
    };
  }

  return async function runAttempt(attempt: AttemptRun, given: RunInput): Promise<Finish> {
    const stored: Promise<StoredOutput>[] = [];
    async function orEnd<T>(work: Promise<T>): Promise<T> {
      try {
        return await work;
      } catch (error) {
        attempt.interrupt(error instanceof Error ? error : new Error('the attempt failed', { cause: error }));
        await Promise.allSettled(stored);
        throw attempt.signal.reason;
      }
    }
    const finish = await orEnd(makeImages(attempt, given, stored));
    return () => orEnd(finish());
  };
}
