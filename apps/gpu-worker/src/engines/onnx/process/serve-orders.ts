import { EngineError } from '../../engine-error.ts';
import type { LoadedModel } from '../model/load-model.ts';
import { isOutOfMemory } from '../model/model-error.ts';
import { makePicture } from '../pipeline/make-picture.ts';
import type { ProcessMessage, ProcessReply } from './messages.ts';
import type { ModelCache } from './model-cache.ts';

export interface ServeOrdersPorts {
  readonly models: ModelCache;
  readonly decodeBytes: number;
  readonly reply: (message: ProcessReply) => void;
  /** Lets the messages in that came while a network ran. */
  readonly takeMessages: () => Promise<void>;
  /** Milliseconds that networks ran so far. */
  readonly runMs: () => number;
  readonly nowMs: () => number;
}

class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

function failureOf(error: unknown): ProcessReply {
  if (error instanceof StoppedError) return { kind: 'stopped' };
  if (error instanceof EngineError) {
    return { kind: 'failed', code: error.code, message: error.message, isRetryable: error.isRetryable };
  }
  const message = error instanceof Error ? error.message : String(error);
  if (isOutOfMemory(error)) return { kind: 'failed', code: 'out_of_memory', message, isRetryable: true };
  return { kind: 'failed', code: 'engine_error', message, isRetryable: true };
}

/** Makes one picture after the other, and looks between any two runs of a network whether it is to stop. */
export function makeServeOrders(ports: ServeOrdersPorts) {
  const { models, decodeBytes, reply, takeMessages, runMs, nowMs } = ports;
  let isStopped = false;

  async function checkpoint(): Promise<void> {
    await takeMessages();
    if (isStopped) throw new StoppedError('the picture is not wanted any more');
  }

  async function paint(model: LoadedModel, { order }: Extract<ProcessMessage, { kind: 'paint' }>, loadMs: number) {
    const [startMs, ranBeforeMs] = [nowMs(), runMs()];
    const hooks = {
      checkpoint,
      onStep: (step: number, steps: number, preview: Extract<ProcessReply, { kind: 'step' }>['preview']) =>
        reply({ kind: 'step', step, steps, preview }),
    };
    const picture = await makePicture(model, order, hooks, { decodeBytes });
    reply({
      kind: 'done',
      picture,
      timings: { totalMs: nowMs() - startMs, runMs: runMs() - ranBeforeMs, loadMs },
    });
  }

  async function take(message: Extract<ProcessMessage, { kind: 'paint' }>): Promise<void> {
    isStopped = false;
    const startMs = nowMs();
    try {
      const model = await models.use(message.directory);
      reply({ kind: 'loaded' });
      await checkpoint();
      await paint(model, message, nowMs() - startMs);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === 'failed' && failure.code === 'out_of_memory') await models.drop(message.directory);
      reply(failure);
    }
  }

  return async function serve(message: ProcessMessage): Promise<void> {
    if (message.kind === 'stop') isStopped = true;
    else await take(message);
  };
}
