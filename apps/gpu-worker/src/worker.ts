import type { SignalSource } from '@afterimage/app-host/service';
import { onStopSignals } from '@afterimage/app-host/service';
import type { Log } from '@afterimage/telemetry';
import { aborted } from './abort.ts';
import { backOffMs } from './back-off.ts';
import type { Engine } from './engines/engine.ts';
import { DrainError } from './interruptions.ts';
import type { ConsumeSignals } from './queue/consume-loop.ts';
import type { MessageSource } from './queue/message-source.ts';
import type { Time } from './time.ts';
import type { WorkerStatus } from './worker-status.ts';

export interface WorkerPorts {
  readonly consume: (signals: ConsumeSignals) => Promise<void>;
  readonly source: Pick<MessageSource, 'close'>;
  readonly engine: Pick<Engine, 'probe'>;
  /** Aborted, with its error, when the engine cannot be used any more. */
  readonly engineLost: AbortSignal;
  readonly status: WorkerStatus;
  readonly time: Time;
  readonly random: () => number;
  readonly drainSeconds: number;
  readonly log: Log;
}

/** Time that a job has to be given back after the second signal, before the process ends without that. */
const FORCE_MS = 5000;
const PROBE_BACK_OFF = { firstMs: 200, capMs: 5000 };

/**
 * The worker from its start to its end. The first signal stops the receiving and leaves the running job `drainSeconds`,
 * then gives it back; a second one gives it back at once and makes the exit code 1.
 */
export function makeWorker(ports: WorkerPorts) {
  const { consume, source, engine, engineLost, status, time, random, drainSeconds, log } = ports;
  const stopping = new AbortController();
  const drain = new AbortController();
  const forced = new AbortController();
  const over = new AbortController();

  async function giveBackInTime(): Promise<void> {
    await aborted(AbortSignal.any([stopping.signal, over.signal]));
    await time.wait(drainSeconds * 1000, over.signal);
    if (!over.signal.aborted) drain.abort(new DrainError('the time to drain is over'));
  }

  async function outOfTime(): Promise<void> {
    await aborted(AbortSignal.any([forced.signal, over.signal]));
    await time.wait(FORCE_MS, over.signal);
    if (!over.signal.aborted) log.error('job not given back in time');
  }

  function stop(reason: string): void {
    if (stopping.signal.aborted) return;
    log.info('worker drains', { reason, drainSeconds });
    status.enter('draining');
    stopping.abort();
    void source.close();
  }

  function force(signal: string): void {
    log.warn('worker is forced to stop', { signal });
    forced.abort();
    drain.abort(new DrainError('the worker is forced to stop'));
  }

  async function waitForEngine(): Promise<void> {
    for (let tries = 1; !stopping.signal.aborted; tries++) {
      try {
        if ((await engine.probe(stopping.signal)).ready) return;
      } catch (error) {
        log.warn('engine not reached', { tries, error });
      }
      await time.wait(backOffMs(tries, PROBE_BACK_OFF, random()), stopping.signal);
    }
  }

  async function work(): Promise<void> {
    await waitForEngine();
    await consume({ stopping: stopping.signal, drain: drain.signal });
    await source.close();
  }

  /** Works until it is stopped. Yields the exit code of the process. */
  return async function run(signals: SignalSource): Promise<0 | 1> {
    const removeListeners = onStopSignals(signals, { onStop: stop, onForce: force });
    engineLost.addEventListener('abort', () => stop('the engine is lost'), { once: true, signal: over.signal });
    const drained = giveBackInTime();
    let isFailed = false;
    try {
      await Promise.race([work(), outOfTime()]);
    } catch (error) {
      log.error('worker failed', { error });
      isFailed = true;
      await source.close();
    } finally {
      over.abort();
      removeListeners();
      await drained;
    }
    isFailed ||= engineLost.aborted;
    status.enter(isFailed ? 'failed' : 'stopped');
    log.info('worker ends', { state: status.state });
    return isFailed || forced.signal.aborted ? 1 : 0;
  };
}
