import { isDeepStrictEqual } from 'node:util';
import type { QueueSwitch } from '@afterimage/job-core';
import type { Priority } from '@afterimage/job-schemas';
import type { Log } from '@afterimage/telemetry';
import type { Time } from '../time.ts';

export interface WatchSwitchPorts {
  readonly queueSwitch: Pick<QueueSwitch, 'pausedOf'>;
  readonly pool: string;
  readonly time: Time;
  readonly log: Log;
}

/** One small read of one item. */
const INTERVAL_MS = 5000;

/** Knows which queues operators have paused, up to five seconds late. */
export function makeWatchSwitch({ queueSwitch, pool, time, log }: WatchSwitchPorts) {
  let paused: ReadonlySet<Priority> = new Set();
  let isFailing = false;

  /** What cannot be read stays as it was. */
  async function look(): Promise<void> {
    try {
      const found = await queueSwitch.pausedOf(pool);
      if (!isDeepStrictEqual(found, paused)) log.info('queues paused', { pool, paused: [...found] });
      paused = found;
      isFailing = false;
    } catch (error) {
      // One line for an outage, not one for each look.
      if (!isFailing) log.warn('paused queues not known', { pool, error });
      isFailing = true;
    }
  }

  return {
    isPaused: (priority: Priority): boolean => paused.has(priority),
    /** Looks once, so that a new worker takes nothing from a queue that is paused. */
    look,
    /** Until the signal aborts. */
    async watch(signal: AbortSignal): Promise<void> {
      while (!signal.aborted) {
        await time.wait(INTERVAL_MS, signal);
        if (!signal.aborted) await look();
      }
    },
  };
}
