import * as z from 'zod';
import type { Time } from '../../time.ts';
import type { EngineProgress } from '../engine.ts';
import type { WebuiClient } from './webui-client.ts';

const progressSchema = z.object({
  state: z.object({
    interrupted: z.boolean().default(false),
    skipped: z.boolean().default(false),
    job_count: z.int(),
    job_no: z.int().catch(0),
    sampling_step: z.int().catch(0),
  }),
});
export type ServerState = z.infer<typeof progressSchema>['state'];

/** @throws what the client throws */
export async function readState(client: WebuiClient, signal: AbortSignal, tries?: number): Promise<ServerState> {
  const path = 'progress?skip_current_image=true';
  return (await client.get(path, progressSchema, signal, tries === undefined ? {} : { tries })).state;
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
}

/** The server did nothing that can be seen for too long. */
export class SilenceError extends Error {
  override readonly name = 'SilenceError';

  constructor(limitMs: number) {
    super(`no progress for ${Math.round(limitMs / 1000)} seconds`);
  }
}

/**
 * Looks at the progress until the signal aborts. A look that fails counts as no progress: whether the job goes on is known from
 * its own answer.
 * @throws SilenceError
 */
export async function watchProgress(options: WatchOptions, signal: AbortSignal): Promise<void> {
  const { client, time, pollMs, loadMs, silenceMs, images, steps, onProgress } = options;
  let last = '0/0';
  let limitMs = loadMs;
  let changedAtMs = time.monotonicMs();
  for (;;) {
    await time.wait(pollMs, signal);
    if (signal.aborted) return;
    const state = await readState(client, signal, 1).catch(() => undefined);
    if (signal.aborted) return;
    // No job is known to the server yet, or still the one before.
    if (state !== undefined && state.job_count !== 0) {
      const now = `${state.job_no}/${state.sampling_step}`;
      if (now !== last) {
        last = now;
        limitMs = silenceMs;
        changedAtMs = time.monotonicMs();
        const image = Math.min(Math.max(state.job_no, 0) + 1, images);
        onProgress({
          phase: 'inferring',
          image,
          images,
          step: Math.min(Math.max(state.sampling_step, 0), steps),
          steps,
        });
      }
    }
    if (time.monotonicMs() - changedAtMs > limitMs) throw new SilenceError(limitMs);
  }
}
