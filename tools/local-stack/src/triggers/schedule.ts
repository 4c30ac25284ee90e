import { randomUUID } from 'node:crypto';
import type { ScheduledEvent } from 'aws-lambda';
import { ACCOUNT_ID, REGION } from '../lambda/definition.ts';

export interface ScheduleOptions {
  /** Name of the rule, for the event. */
  readonly name: string;
  /** From the end of one run to the start of the next. */
  readonly intervalMs: number;
  readonly isPaused?: boolean;
  invoke(event: ScheduledEvent): Promise<unknown>;
}

export interface Schedule {
  /** No further run begins by itself. */
  pause(): void;
  resume(): void;
  /** One run now, also when paused; after the one under way, if any. @returns what the function returned */
  runNow(): Promise<unknown>;
  stop(): Promise<void>;
}

function scheduledEvent(name: string): ScheduledEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: ACCOUNT_ID,
    time: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    region: REGION,
    resources: [`arn:aws:events:${REGION}:${ACCOUNT_ID}:rule/${name}`],
    detail: {},
  };
}

/** Invokes a function again and again, never while a run of it is under way. */
export function startSchedule({ name, intervalMs, isPaused = false, invoke }: ScheduleOptions): Schedule {
  let timer: NodeJS.Timeout | undefined;
  let isTicking = !isPaused;
  let lastRun: Promise<unknown> = Promise.resolve();

  function run(): Promise<unknown> {
    const next = lastRun.then(() => invoke(scheduledEvent(name)));
    lastRun = next.catch(() => undefined);
    return next;
  }

  function arm(): void {
    clearTimeout(timer);
    if (!isTicking) return;
    timer = setTimeout(() => {
      // A failed run is in the function's log; the next one comes in its time.
      void run()
        .catch(() => undefined)
        .finally(arm);
    }, intervalMs);
  }

  arm();
  return {
    pause: () => {
      isTicking = false;
      clearTimeout(timer);
    },
    resume: () => {
      if (isTicking) return;
      isTicking = true;
      arm();
    },
    runNow: run,
    stop: async () => {
      isTicking = false;
      clearTimeout(timer);
      await lastRun;
    },
  };
}
