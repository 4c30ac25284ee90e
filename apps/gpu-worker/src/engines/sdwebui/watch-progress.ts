import * as z from 'zod';
import type { Time } from '../../time.ts';
import type { EnginePreview, EngineProgress, EngineRun } from '../engine.ts';
import { readPreview } from './read-preview.ts';
import type { WebuiClient } from './webui-client.ts';

const progressSchema = z.object({
  state: z.object({
    interrupted: z.boolean().default(false),
    skipped: z.boolean().default(false),
    job_count: z.int(),
    job_no: z.int().catch(0),
    sampling_step: z.int().catch(0),
  }),
  current_image: z.string().nullish().catch(null),
});
export type ServerState = z.infer<typeof progressSchema>['state'];

/** Encoding the image takes the server's time, and that of its Python the most. */
const progressPath = (hasImage: boolean): string => `progress?skip_current_image=${String(!hasImage)}`;

/** @throws what the client throws */
export async function readState(client: WebuiClient, signal: AbortSignal): Promise<ServerState> {
  return (await client.get(progressPath(false), progressSchema, signal)).state;
}

export interface WatchOptions {
  readonly client: WebuiClient;
  readonly time: Time;
  readonly pollMs: number;
  /** Longest time until the sampling begins; loading a model is part of it. */
  readonly loadMs: number;
  /** Longest time without a step after that. */
  readonly silenceMs: number;
  readonly images: number;
  readonly steps: number;
  readonly onProgress: (progress: EngineProgress) => void;
  readonly isPreviewDue: NonNullable<EngineRun['isPreviewDue']>;
}

interface Look {
  readonly state: ServerState;
  readonly preview: EnginePreview | undefined;
}

/** The server did nothing that can be seen for too long. */
export class SilenceError extends Error {
  override readonly name = 'SilenceError';

  constructor(limitMs: number) {
    super(`no progress for ${Math.round(limitMs / 1000)} seconds`);
  }
}

async function look(client: WebuiClient, hasImage: boolean, signal: AbortSignal): Promise<Look> {
  const { state, current_image: image } = await client.get(progressPath(hasImage), progressSchema, signal, {
    tries: 1,
  });
  return { state, preview: hasImage ? readPreview(image) : undefined };
}

/**
 * Looks at the progress until the signal aborts. A look that fails counts as no progress: whether the job goes on is known from
 * its own answer.
 * @throws SilenceError
 */
export async function watchProgress(options: WatchOptions, signal: AbortSignal): Promise<void> {
  const { client, time, pollMs, loadMs, silenceMs, images, steps, onProgress, isPreviewDue } = options;
  let last = '0/0';
  let mayHaveImage = true;
  let limitMs = loadMs;
  let changedAtMs = time.monotonicMs();
  for (;;) {
    await time.wait(pollMs, signal);
    if (signal.aborted) return;
    const hasImage = mayHaveImage && isPreviewDue();
    const { state, preview } = (await look(client, hasImage, signal).catch(() => undefined)) ?? {};
    if (signal.aborted) return;
    // It may be the picture that the server fails over: progress matters more.
    if (hasImage && state === undefined) mayHaveImage = false;
    // No job is known to the server yet, or still the one before.
    if (state !== undefined && state.job_count !== 0) {
      const now = `${state.job_no}/${state.sampling_step}`;
      const isNews = now !== last;
      if (isNews) {
        last = now;
        limitMs = silenceMs;
        changedAtMs = time.monotonicMs();
      }
      if (isNews || preview !== undefined) {
        const image = Math.min(Math.max(state.job_no, 0) + 1, images);
        const step = Math.min(Math.max(state.sampling_step, 0), steps);
        const progress: EngineProgress = { phase: 'inferring', image, images, step, steps };
        onProgress(preview === undefined ? progress : { ...progress, preview });
      }
    }
    if (time.monotonicMs() - changedAtMs > limitMs) throw new SilenceError(limitMs);
  }
}
