import type { Clock, TargetHealth, TargetSlot, TargetStore } from '@afterimage/job-core';
import { after } from '@afterimage/job-core';
import { type Delivery, TEST_EVENT } from '@afterimage/job-schemas';

/** Requests under way at a time from one tenant to one host. */
export const SLOTS_PER_HOST = 10;
/** Failures in a row after which the receiver is left alone for a while. */
export const FAILURES_TO_OPEN = 5;
const FIRST_PAUSE_SECONDS = 10;
const LONGEST_PAUSE_SECONDS = 300;
/** More than the longest exchange: a slot or a probe is free again only when its owner is gone. */
const LEASE_MS = 20_000;
/** When the latest of its slots was taken longer ago than this, nobody waits for the receiver in place. */
const SLOW_MS = 500;
/** And when it was longer ago than this, the receiver is left alone for longer. */
const HANGING_MS = 5000;
/** How long an attempt waits for a slot of a receiver that answers, before it makes room for others. */
const WAIT_MS = 200;
const LOOK_MS = 100;
const SOON_SECONDS = { least: 1, spread: 2 };
const LATER_SECONDS = { least: 20, spread: 40 };
/** Whoever waits for a circuit comes back within half as long again, so that they do not all come in one moment. */
const CIRCUIT_SPREAD = 0.5;

interface Later {
  readonly kind: 'later';
  readonly seconds: number;
}

/** `enter`: make the attempt and leave with the slot. `later`: make it in so many seconds instead. */
export type Passage =
  | {
      readonly kind: 'enter';
      readonly slot: TargetSlot;
      /** Whether a success has failures to forget: none since the last one, as far as was known. */
      readonly mayHaveFailed: boolean;
    }
  | Later;

export interface TargetGatePorts {
  readonly targets: TargetStore;
  readonly now: Clock;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** What requests share a circuit: those to an endpoint, or from a tenant to a host that its jobs name. */
export function circuitKey({ endpointId, tenantId, url }: Pick<Delivery, 'endpointId' | 'tenantId' | 'url'>): string {
  return endpointId ?? slotsKey(tenantId, url);
}

function slotsKey(tenantId: string, url: string): string {
  // Such a URL is refused by whoever makes the request.
  return `${tenantId} ${URL.parse(url)?.host ?? ''}`;
}

/** Seconds without requests to a receiver that has been failing for so long: as long again, within bounds. */
export function pauseSeconds(failingSeconds: number): number {
  return Math.min(Math.max(failingSeconds, FIRST_PAUSE_SECONDS), LONGEST_PAUSE_SECONDS);
}

export type TargetGate = ReturnType<typeof makeTargetGate>;

/**
 * Keeps a receiver that hangs or fails from holding up others: few requests are under way to it at a time, and after
 * several failures in a row none but a probe now and then. The tenant is in every key, so that nobody can close the way to a
 * host for somebody else.
 */
export function makeTargetGate({ targets, now, random, sleep }: TargetGatePorts) {
  const spread = ({ least, spread: more }: typeof SOON_SECONDS) => least + more * random();

  /** Seconds to wait while the circuit is open; undefined when the request may go. */
  async function waitForCircuit(key: string, { openUntil }: TargetHealth): Promise<number | undefined> {
    if (openUntil === null) return undefined;
    const left = (Date.parse(openUntil) - now().getTime()) / 1000;
    if (left > 0) return left * (1 + CIRCUIT_SPREAD * random()) + spread(SOON_SECONDS);
    const isProbe = await targets.claimProbe(key, openUntil, after(now(), LEASE_MS / 1000));
    return isProbe ? undefined : spread(LATER_SECONDS);
  }

  async function waitForSlot(key: string): Promise<TargetSlot | Later> {
    for (let waitedMs = 0; ;) {
      const answer = await targets.takeSlot(key, {
        now: now(),
        slots: SLOTS_PER_HOST,
        leaseMs: LEASE_MS,
        random: random(),
      });
      if (answer.kind === 'taken') return answer.slot;
      const { takenMsAgo } = answer;
      if (takenMsAgo > HANGING_MS) return { kind: 'later', seconds: spread(LATER_SECONDS) };
      if (takenMsAgo > SLOW_MS || waitedMs >= WAIT_MS) {
        return { kind: 'later', seconds: spread(SOON_SECONDS) * Math.max(takenMsAgo / SLOW_MS, 1) };
      }
      const pauseMs = LOOK_MS * (0.5 + random());
      await sleep(pauseMs);
      waitedMs += pauseMs;
    }
  }

  return {
    /** @param url where the request would go */
    async enter(delivery: Delivery, url: string): Promise<Passage> {
      // A test shows how the receiver is, so it goes through an open circuit.
      const key = circuitKey(delivery);
      const health = delivery.eventType === TEST_EVENT ? undefined : await targets.health(key);
      const seconds = health && (await waitForCircuit(key, health));
      if (seconds !== undefined) return { kind: 'later', seconds };
      const slot = await waitForSlot(slotsKey(delivery.tenantId, url));
      if ('kind' in slot) return slot;
      return { kind: 'enter', slot, mayHaveFailed: health === undefined || health.failures > 0 };
    },
    async leave(delivery: Delivery, url: string, slot: TargetSlot): Promise<void> {
      await targets.freeSlot(slotsKey(delivery.tenantId, url), slot);
    },
    /** What failed beside this attempt is forgotten by the next success. */
    async succeeded(delivery: Delivery, mayHaveFailed: boolean): Promise<void> {
      if (mayHaveFailed) await targets.clear(circuitKey(delivery));
    },
    async failed(delivery: Delivery): Promise<{ readonly failingSince: string }> {
      const key = circuitKey(delivery);
      const health = await targets.countFailure(key, now());
      if (health.failures >= FAILURES_TO_OPEN) {
        const failingSeconds = (now().getTime() - Date.parse(health.failingSince)) / 1000;
        await targets.open(key, after(now(), pauseSeconds(failingSeconds)));
      }
      return health;
    },
  };
}
