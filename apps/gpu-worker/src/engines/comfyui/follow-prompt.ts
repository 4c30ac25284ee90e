import type { Time } from '../../time.ts';
import { EngineError, EngineUnusableError } from '../engine-error.ts';
import type { ComfyClient } from './comfy-client.ts';
import { NoAnswerError } from './comfy-http.ts';
import type { HistoryEntry } from './comfy-schemas.ts';
import type { PromptProgress } from './prompt-progress.ts';
import { promptLost } from './submit-prompt.ts';

export interface FollowPorts {
  readonly client: ComfyClient;
  readonly time: Time;
  readonly pollIntervalMs: number;
  readonly silenceMs: number;
}

type Sight =
  | { readonly state: 'running' | 'lost' }
  | { readonly state: 'pending'; readonly queue: string }
  | HistoryEntry;

async function look(client: ComfyClient, id: string, signal: AbortSignal): Promise<Sight> {
  const entry = await client.history(id, signal);
  if (entry !== undefined) return entry;
  const { running, pending } = await client.queue(signal);
  if (running.some((item) => item.id === id)) return { state: 'running' };
  const ids = [...running, ...pending].map((item) => item.id);
  if (ids.includes(id)) return { state: 'pending', queue: ids.join() };
  // It may have ended between the two looks.
  return (await client.history(id, signal)) ?? { state: 'lost' };
}

/**
 * Waits until the server's history has the prompt. Only the history decides: the WebSocket's events stop for everybody when
 * one client does not read, and `executing: null` follows failures too.
 *
 * @throws EngineUnusableError when nobody takes the prompt from the queue; EngineError when it is lost, or makes no progress
 */
export async function followPrompt(
  { client, time, pollIntervalMs, silenceMs }: FollowPorts,
  id: string,
  progress: PromptProgress,
  signal: AbortSignal,
): Promise<HistoryEntry> {
  const hinted = AbortSignal.any([signal, progress.ended]);
  let isHintTaken = false;
  let queue = '';
  let frozenSinceMs = time.monotonicMs();
  let answeredAtMs = time.monotonicMs();
  for (;;) {
    try {
      const sight = await look(client, id, signal);
      answeredAtMs = time.monotonicMs();
      if (!('state' in sight)) return sight;
      if (sight.state === 'lost') throw promptLost();
      const isFrozen = sight.state === 'pending' && sight.queue === queue;
      if (!isFrozen) frozenSinceMs = answeredAtMs;
      queue = sight.state === 'pending' ? sight.queue : '';
      if (sight.state === 'running') progress.onRunning();
    } catch (error) {
      // A process that loads a model may not answer for a while.
      const isBusy = error instanceof NoAnswerError && error.kind === 'timeout';
      if (!isBusy || time.monotonicMs() - answeredAtMs > silenceMs) throw error;
    }
    if (time.monotonicMs() - frozenSinceMs > silenceMs) {
      throw new EngineUnusableError('ComfyUI takes no workflow from its queue: its executor is dead');
    }
    if (progress.isStuck) {
      throw new EngineError('engine_error', 'the workflow makes no progress', { isRetryable: true });
    }
    await time.wait(pollIntervalMs, isHintTaken ? signal : hinted);
    isHintTaken = progress.ended.aborted;
    signal.throwIfAborted();
  }
}
