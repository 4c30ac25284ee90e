import { alarmsOf } from '@afterimage/infra/alarms';
import { readStage } from '@afterimage/infra/stages';
import { waitFor } from '@afterimage/testing';
import { type Alarm, crossing } from './evaluate-alarm.ts';
import type { GameStack } from './game-stack.ts';
import { HEAL_MS, type Incident } from './incidents.ts';
import { countSince, measuredSince } from './measured.ts';

/** What became of an incident. */
export interface Played {
  readonly title: string;
  readonly alarm: string;
  readonly severity: Alarm['severity'];
  readonly runbook: string;
  /** The value of the alarm's metric when it crossed its threshold. */
  readonly value: number;
  readonly above: number;
  readonly secondsToAlarm: number;
  readonly secondsToHeal: number;
  /** Jobs that were accepted while it lasted; each has ended once, with images. */
  readonly jobs: number;
}

const RING_MS = 180_000;
const LOOK_MS = 500;
const alarms = alarmsOf(readStage('dev'));

/** @throws Error when there is no such alarm */
function alarmNamed(name: string): Alarm {
  const found = alarms.find((alarm) => alarm.name === name);
  if (found === undefined) throw new Error(`the deployment has no alarm ${name}`);
  return found;
}

function seconds(fromMs: number): number {
  return Math.round((Date.now() - fromMs) / 100) / 10;
}

/**
 * Plays an incident: it begins, its alarm's metric crosses the threshold, it is ended, and everything that was accepted
 * ends once. @throws Error that says which of it did not happen
 */
export async function playIncident(game: GameStack, incident: Incident): Promise<Played> {
  const { title, begin, end, verify } = incident;
  const alarm = alarmNamed(incident.alarm);
  const { name, severity, runbook, above } = alarm;
  const { logs } = game.stack;
  const beganAtMs = Date.now();
  const jobs = await begin(game);
  let last: number | undefined;
  const ring = () => {
    last = crossing(alarm, measuredSince(logs, beganAtMs));
    return last !== undefined && last > above ? { value: last } : undefined;
  };
  const limits = { timeoutMs: RING_MS, intervalMs: LOOK_MS, what: `${name} above ${above}` };
  const { value } = await waitFor(ring, limits).catch((cause: unknown) => {
    throw new Error(`${title}: ${name} is ${last ?? 'without data'}, not above ${above}`, { cause });
  });
  const secondsToAlarm = seconds(beganAtMs);

  const endedAtMs = Date.now();
  await end(game);
  const ended = await Promise.all(jobs.map(({ id }) => game.client.terminal(id, HEAL_MS)));
  for (const { id, status, attempts } of ended) {
    const successes = attempts.filter(({ outcome }) => outcome === 'succeeded').length;
    if (status !== 'succeeded' || successes !== 1) {
      throw new Error(`${title}: ${id} is ${status} after ${JSON.stringify(attempts)}`);
    }
  }
  const isEmpty = async () => Object.values(await game.depths()).every((depth) => depth === 0);
  await waitFor(isEmpty, { timeoutMs: HEAL_MS, what: 'empty queues' });
  await verify?.(game, jobs);
  // Each success was counted once: no job was committed twice.
  const committed = () => countSince(logs, 'JobsSucceeded', beganAtMs) === jobs.length;
  const what = `${jobs.length} successes, none counted twice`;
  await waitFor(committed, { timeoutMs: RING_MS, intervalMs: LOOK_MS, what });
  return {
    title,
    alarm: name,
    severity,
    runbook: `docs/runbook.md#${runbook}`,
    value,
    above,
    secondsToAlarm,
    secondsToHeal: seconds(endedAtMs),
    jobs: jobs.length,
  };
}
