import type { Time } from '../../time.ts';
import { EngineUnusableError } from '../engine-error.ts';
import type { ComfyClient } from './comfy-client.ts';
import { isOf } from './comfy-client.ts';

/** Time that an interrupt may take: it is looked at between nodes and steps alone. */
const IDLE_MS = 30_000;

export interface IdleBarrierPorts {
  readonly client: ComfyClient;
  readonly time: Time;
  readonly pollIntervalMs: number;
}

/**
 * Ends whatever waits or runs on the server and waits until nothing does. An interrupt can fall between two prompts and be
 * lost, so it is sent again.
 * @throws EngineUnusableError when something still runs after 30 s: the GPU hangs
 */
export async function becomeIdle(
  { client, time, pollIntervalMs }: IdleBarrierPorts,
  signal: AbortSignal,
): Promise<void> {
  const startedAtMs = time.monotonicMs();
  for (;;) {
    const { running, pending } = await client.queue(signal);
    if (running.length + pending.length === 0) return;
    if (time.monotonicMs() - startedAtMs > IDLE_MS) {
      throw new EngineUnusableError(`ComfyUI is not idle ${IDLE_MS / 1000} s after an interrupt`);
    }
    if (pending.length > 0) await client.clearQueue(signal);
    for (const { id } of running) await client.interrupt(id, signal);
    await time.wait(pollIntervalMs, signal);
    signal.throwIfAborted();
  }
}

/** Ends the prompts of these submissions, wherever they are; others go on. Does not wait until they have ended. */
export async function cancelSubmissions(
  client: ComfyClient,
  submissionIds: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { running, pending } = await client.queue(signal);
  const isOurs = (item: (typeof running)[number]) => submissionIds.some((id) => isOf(item, id));
  const waiting = pending.filter(isOurs).map(({ id }) => id);
  if (waiting.length > 0) await client.deletePending(waiting, signal);
  for (const { id } of running.filter(isOurs)) await client.interrupt(id, signal);
}
