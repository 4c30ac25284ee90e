import type { Log, MetricSink } from '@afterimage/telemetry';
import { METRIC } from '../metrics.ts';
import type { Time } from '../time.ts';
import type { ImdsClient } from './imds-client.ts';

export interface SpotHandlers {
  /** The machine is taken back in that many seconds. Called once. */
  readonly onNotice: (secondsLeft: number) => void;
  /** The machine may be taken back soon. Called at most once, and never after `onNotice`. */
  readonly onRebalance: () => void;
}

export interface WatchSpotPorts {
  readonly imds: Pick<ImdsClient, 'spotState'>;
  readonly time: Time;
  readonly log: Log;
  readonly metrics: MetricSink;
}

/** The notice comes two minutes ahead; AWS recommends to look every five seconds. */
const INTERVAL_MS = 5000;

/**
 * Looks for a Spot notice and for a recommendation to rebalance until the signal aborts. A recommendation from before the
 * watch began is passed over: whoever was started on such a machine works there until the notice comes.
 */
export function makeWatchSpot({ imds, time, log, metrics }: WatchSpotPorts) {
  return async function watchSpot(handlers: SpotHandlers, signal: AbortSignal): Promise<void> {
    const begunAt = time.now();
    let isFailing = false;
    let isRebalanced = false;
    while (!signal.aborted) {
      try {
        const { takenBackAt, rebalanceAt } = await imds.spotState(signal);
        isFailing = false;
        if (takenBackAt !== undefined) {
          metrics.count(METRIC.spotNotices);
          metrics.flush();
          return handlers.onNotice((takenBackAt.getTime() - time.now().getTime()) / 1000);
        }
        if (!isRebalanced && rebalanceAt !== undefined && rebalanceAt >= begunAt) {
          isRebalanced = true;
          handlers.onRebalance();
        }
      } catch (error) {
        // One line for an outage, not one for each look.
        if (!isFailing && !signal.aborted) log.warn('spot notices not looked for', { error });
        isFailing = true;
      }
      await time.wait(INTERVAL_MS, signal);
    }
  };
}
