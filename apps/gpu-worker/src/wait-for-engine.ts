import type { Log } from '@afterimage/telemetry';
import { backOffMs } from './back-off.ts';
import { EngineUnusableError } from './engines/engine-error.ts';
import type { Engine } from './engines/engine.ts';
import type { Time } from './time.ts';

export interface WaitForEnginePorts {
  readonly engine: Pick<Engine, 'probe'>;
  readonly time: Time;
  readonly random: () => number;
  readonly startSeconds: number;
  /** Told when the engine is not ready in time. */
  readonly onEngineLost: (error: unknown) => void;
  readonly log: Log;
}

export type WaitForEngine = (signal: AbortSignal) => Promise<void>;

const PROBE_BACK_OFF = { firstMs: 200, capMs: 5000 };
/** An engine that takes a request and does not answer is asked again. */
const PROBE_MS = 10_000;

/** Asks the engine until it is ready, for `startSeconds`; no job is taken before that. Resolves too when the signal aborts. */
export function makeWaitForEngine(ports: WaitForEnginePorts): WaitForEngine {
  const { engine, time, random, startSeconds, onEngineLost, log } = ports;

  async function isReady(signal: AbortSignal): Promise<boolean> {
    const over = new AbortController();
    const late = time
      .wait(PROBE_MS, over.signal)
      .then(() => Promise.reject(new Error('the engine does not answer the probe')));
    try {
      return (await Promise.race([engine.probe(AbortSignal.any([signal, over.signal])), late])).ready;
    } finally {
      over.abort();
      late.catch(() => undefined);
    }
  }

  return async function waitForEngine(signal) {
    const giveUpAtMs = time.monotonicMs() + startSeconds * 1000;
    for (let tries = 1; !signal.aborted; tries++) {
      try {
        if (await isReady(signal)) return;
      } catch (error) {
        log.warn('engine not reached', { tries, error });
      }
      if (time.monotonicMs() >= giveUpAtMs) {
        onEngineLost(new EngineUnusableError(`the engine was not ready within ${startSeconds} s`));
        return;
      }
      await time.wait(backOffMs(tries, PROBE_BACK_OFF, random()), signal);
    }
  };
}
