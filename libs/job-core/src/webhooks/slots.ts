import type { SlotRequest } from './webhook-ports.ts';

/**
 * One of the slots that are free; undefined when all are taken.
 * @param leases when each slot is free again (ISO)
 * @param random from 0 up to, not including, 1: which one, so that many who look at the same time do not all take the first
 */
export function freeSlotOf(leases: readonly (string | undefined)[], now: string, random: number): number | undefined {
  const free = leases.flatMap((until, number) => (until === undefined || until <= now ? [number] : []));
  return free[Math.floor(random * free.length)];
}

/** Milliseconds since the latest of the slots was taken. */
export function takenMsAgo(
  leases: readonly (string | undefined)[],
  { now, leaseMs }: Pick<SlotRequest, 'now' | 'leaseMs'>,
): number {
  const takenMs = leases.flatMap((until) => (until === undefined ? [] : [Date.parse(until) - leaseMs]));
  return now.getTime() - Math.max(...takenMs);
}
