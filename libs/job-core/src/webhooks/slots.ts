import type { SlotRequest } from './webhook-ports.ts';

/** A receiver whose slots were all taken longer ago than this is slow: nobody should wait for one. */
const MOVING_MS = 500;

/** The first slot that is free; undefined when all are taken. @param leases when each slot is free again (ISO) */
export function freeSlotOf(leases: readonly (string | undefined)[], now: string): number | undefined {
  const index = leases.findIndex((until) => until === undefined || until <= now);
  return index === -1 ? undefined : index;
}

/** Whether one of the slots was taken lately, so that waiting for the next free one makes sense. */
export function isMoving(
  leases: readonly (string | undefined)[],
  { now, leaseMs }: Pick<SlotRequest, 'now' | 'leaseMs'>,
): boolean {
  return leases.some((until) => until !== undefined && Date.parse(until) - leaseMs > now.getTime() - MOVING_MS);
}
