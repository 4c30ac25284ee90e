import type { SlotRequest } from './webhook-ports.ts';

/** The first slot that is free; undefined when all are taken. @param leases when each slot is free again (ISO) */
export function freeSlotOf(leases: readonly (string | undefined)[], now: string): number | undefined {
  const index = leases.findIndex((until) => until === undefined || until <= now);
  return index === -1 ? undefined : index;
}

/** Milliseconds since the latest of the slots was taken. */
export function takenMsAgo(
  leases: readonly (string | undefined)[],
  { now, leaseMs }: Pick<SlotRequest, 'now' | 'leaseMs'>,
): number {
  const takenMs = leases.flatMap((until) => (until === undefined ? [] : [Date.parse(until) - leaseMs]));
  return now.getTime() - Math.max(...takenMs);
}
