import type { SignalSource } from '@afterimage/app-host/service';
import { onStopSignals } from '@afterimage/app-host/service';
import type { Log } from '@afterimage/telemetry';
import { aborted } from './abort.ts';
import { Deadline } from './deadline.ts';
import { DrainError } from './interruptions.ts';
import type { ConsumeSignals } from './queue/consume-loop.ts';
import type { MessageSource } from './queue/message-source.ts';
import type { SpotHandlers } from './spot/watch-spot.ts';
import type { Time } from './time.ts';
import type { WaitForEngine } from './wait-for-engine.ts';
import type { WorkerStatus } from './worker-status.ts';

export interface WorkerPorts {
  readonly consume: (signals: ConsumeSignals) => Promise<void>;
  readonly source: Pick<MessageSource, 'close'>;
  readonly waitForEngine: WaitForEngine;
  /** Watches for the end of the machine until the signal aborts. */
  readonly watchSpot: (handlers: SpotHandlers, signal: AbortSignal) => Promise<void>;
  /** Aborted, with its error, when the engine cannot be used any more. */
  readonly engineLost: AbortSignal;
  /** Aborted when an operator wants the worker to end. */
  readonly drainRequested: AbortSignal;
  readonly status: WorkerStatus;
  readonly time: Time;
  readonly drainSeconds: number;
  readonly log: Log;
}

/** Time that a job has to be given back after the second signal, before the process ends without that. */
const FORCE_MS = 5000;
/** Time that a Spot machine keeps for giving the job back and for the way out. */
const SPOT_RESERVE_SECONDS = 15;
/** Time that a lost engine is shown for: three probes of its container at the usual interval of 10 s, and a little more. */
const ENGINE_LOST_MS = 45_000;

/**
 * The worker from its start to its end. The first signal stops the receiving and leaves the running job `drainSeconds`,
 * then gives it back; a second one gives it back at once and makes the exit code 1. A Spot notice is a first signal that
 * leaves no more time than the machine has; a recommendation to rebalance, and an operator's wish, one that leaves the job all
 * the time it needs.
 */
export function makeWorker(ports: WorkerPorts) {
  const { consume, source, waitForEngine, watchSpot, engineLost, drainRequested, status, time, drainSeconds, log } =
    ports;
  const stopping = new AbortController();
  const drain = new AbortController();
  const signaled = new AbortController();
  const forced = new AbortController();
  const over = new AbortController();
  const drainDeadline = new Deadline(time);

  async function outOfTime(): Promise<void> {
    await aborted(AbortSignal.any([forced.signal, over.signal]));
    await time.wait(FORCE_MS, over.signal);
    if (!over.signal.aborted) log.error('job not given back in time');
  }

  /** May be called again: a later reason can leave the job less time, never more. */
  function stop(reason: string, seconds: number, error: DrainError): void {
    drainDeadline.bringForward(seconds * 1000, error);
    log.info('worker drains', { reason, drainSeconds: Number.isFinite(seconds) ? seconds : null });
    if (stopping.signal.aborted) return;
    status.enter('draining');
    stopping.abort(error);
    void source.close();
  }

  function force(signal: string): void {
    log.warn('worker is forced to stop', { signal });
    forced.abort();
    drain.abort(new DrainError('the worker is forced to stop'));
  }

  const spotHandlers: SpotHandlers = {
    onNotice(secondsLeft) {
      status.expectSpotEnd();
      const seconds = Math.max(0, Math.min(drainSeconds, secondsLeft - SPOT_RESERVE_SECONDS));
      stop('spot notice', seconds, new DrainError('the Spot machine is taken back', 'spot_interruption'));
    },
    onRebalance() {
      stop('rebalance recommendation', Number.POSITIVE_INFINITY, new DrainError('the Spot machine is at risk'));
    },
  };

  function loseEngine(): void {
    status.loseEngine();
    stop('the engine is lost', drainSeconds, new DrainError('the engine of the worker is lost'));
  }

  function drainAsAsked(): void {
    stop('asked by an operator', Number.POSITIVE_INFINITY, new DrainError('the worker was asked to end'));
  }

  async function work(): Promise<void> {
    await waitForEngine(stopping.signal);
    await consume({ stopping: stopping.signal, drain: drain.signal });
    await source.close();
  }

  async function drainInTime(): Promise<void> {
    const reason = await drainDeadline.passes(over.signal);
    if (reason !== undefined) drain.abort(reason);
  }

  /** Yields whether everything ended as it should. */
  async function runToTheEnd(): Promise<boolean> {
    const beside = [drainInTime(), watchSpot(spotHandlers, over.signal)];
    try {
      await Promise.race([work(), outOfTime()]);
      return true;
    } catch (error) {
      log.error('worker failed', { error });
      await source.close();
      return false;
    } finally {
      over.abort();
      await Promise.all(beside);
    }
  }

  /** Works until it is stopped. Yields the exit code of the process. */
  return async function run(signals: SignalSource): Promise<0 | 1> {
    const removeListeners = onStopSignals(signals, {
      onStop(signal) {
        signaled.abort();
        stop(signal, drainSeconds, new DrainError('the worker was told to stop'));
      },
      onForce: force,
    });
    engineLost.addEventListener('abort', loseEngine, { once: true, signal: over.signal });
    drainRequested.addEventListener('abort', drainAsAsked, { once: true, signal: over.signal });
    const isGood = (await runToTheEnd()) && !engineLost.aborted;
    status.enter(isGood ? 'stopped' : 'failed');
    log.info('worker ends', { state: status.state });
    if (engineLost.aborted) await time.wait(ENGINE_LOST_MS, AbortSignal.any([signaled.signal, forced.signal]));
    removeListeners();
    return isGood && !forced.signal.aborted ? 0 : 1;
  };
}
