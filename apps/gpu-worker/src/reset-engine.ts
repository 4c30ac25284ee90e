import type { Log } from '@afterimage/telemetry';
import type { Engine } from './engines/engine.ts';
import type { Time } from './time.ts';

export interface ResetEnginePorts {
  readonly engine: Pick<Engine, 'reset'>;
  readonly time: Time;
  readonly log: Log;
  readonly onEngineLost: (error: unknown) => void;
}

/** Time that an engine has to become idle again before it counts as lost; one that waits for a step to end may need 30 s. */
const RESET_MS = 45_000;

/** Brings the engine back to idle after an attempt that did not succeed; false when it is lost. */
export function makeResetEngine({ engine, time, log, onEngineLost }: ResetEnginePorts) {
  return async function resetEngine(jobId: string): Promise<boolean> {
    const inTime = new AbortController();
    const late = time.wait(RESET_MS, inTime.signal).then(() => Promise.reject(new Error('the engine does not reset')));
    try {
      await Promise.race([engine.reset(inTime.signal), late]);
      return true;
    } catch (error) {
      log.error('engine lost', { jobId, error });
      onEngineLost(error);
      return false;
    } finally {
      inTime.abort();
      late.catch(() => undefined);
    }
  };
}
