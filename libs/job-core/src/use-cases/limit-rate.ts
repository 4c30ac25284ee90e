import { createHash } from 'node:crypto';
import { DependencyUnavailableError } from '../errors.ts';
import type { Clock, RateState, RateStore } from '../ports.ts';

/** Length of a window. Each tenant's windows begin at a second of their own, so that not all of them begin at once. */
export const RATE_WINDOW_SECONDS = 60;
/** Share of a window's limit that one process takes at a time, while it is the only one that takes any. */
const LEASE_SHARE = 0.015;
/** How long requests pass unasked after the store could not answer. */
const PAUSE_MS = 1000;
/** Windows remembered before those that are over are forgotten. */
const MAX_WINDOWS = 1000;
const WINDOW_MS = RATE_WINDOW_SECONDS * 1000;

export interface RateRequest {
  readonly tenantId: string;
  /** Requests under one name are counted together. */
  readonly policy: string;
  /** Requests in a window. */
  readonly limit: number;
}

export interface RateDecision {
  readonly isAllowed: boolean;
  readonly policy: string;
  readonly limit: number;
  /** Requests that are left of the window, as far as this process knows; null when the store could not answer. */
  readonly remaining: number | null;
  /** Whole seconds until the next window, at least 1. */
  readonly resetSeconds: number;
}

export type LimitRate = (request: RateRequest) => Promise<RateDecision>;

export interface LimitRatePorts {
  readonly rates: RateStore;
  readonly now: Clock;
  /** Told when a request passed only because the store could not answer. */
  readonly onUnavailable: (error: unknown) => void;
}

/** What this process knows of a window. */
interface Window extends RateState {
  readonly endsAtMs: number;
  /** Taken from the store, not yet used. */
  readonly unspent: number;
  readonly isExhausted: boolean;
}

function offsetMs(tenantId: string): number {
  return createHash('sha256').update(tenantId).digest().readUInt32BE() % WINDOW_MS;
}

/**
 * Limits requests by windows that all processes share. A process takes requests from the store in advance, the fewer the more
 * processes do, so that most requests make no call: `floor(1.5 % of the limit / processes)`, at least 1. Of N
 * processes, whatever order they come in, at most `1.5 % × (1 + 1/2 + … + 1/N)` of a window is in vain when it is used up.
 */
export function makeLimitRate({ rates, now, onUnavailable }: LimitRatePorts): LimitRate {
  const windows = new Map<string, Window>();
  const taking = new Map<string, Promise<void>>();
  let pausedUntilMs = 0;

  function forgetOld(nowMs: number): void {
    if (windows.size <= MAX_WINDOWS) return;
    for (const [id, { endsAtMs }] of windows) if (endsAtMs <= nowMs) windows.delete(id);
  }

  function windowOf(id: string, endsAtMs: number): Window {
    return windows.get(id) ?? { endsAtMs, used: 0, holders: 0, unspent: 0, isExhausted: false };
  }

  /** Takes a lease, or when less than that is left, one request. */
  async function take(id: string, endsAtMs: number, limit: number): Promise<void> {
    const window = windowOf(id, endsAtMs);
    const isNewHolder = window.holders === 0;
    const share = isNewHolder ? 1 : Math.floor((limit * LEASE_SHARE) / window.holders);
    const lease = Math.max(1, Math.min(share, limit - window.used));
    for (const tokens of lease === 1 ? [1] : [lease, 1]) {
      const state = await rates.take(id, { tokens, limit, isNewHolder, endsAt: new Date(endsAtMs) });
      if (state === undefined) continue;
      windows.set(id, { ...window, ...state, unspent: tokens });
      return;
    }
    windows.set(id, { ...window, used: limit, isExhausted: true });
  }

  /** Requests of this process that need a lease at the same time take one together. */
  function takeOnce(id: string, endsAtMs: number, limit: number): Promise<void> {
    const running = taking.get(id) ?? take(id, endsAtMs, limit).finally(() => taking.delete(id));
    taking.set(id, running);
    return running;
  }

  return async function limitRate({ tenantId, policy, limit }): Promise<RateDecision> {
    const nowMs = now().getTime();
    const shift = offsetMs(tenantId);
    const index = Math.floor((nowMs + shift) / WINDOW_MS);
    const endsAtMs = (index + 1) * WINDOW_MS - shift;
    const id = `${tenantId}#${policy}#${index}`;
    const decide = (isAllowed: boolean, remaining: number | null): RateDecision => {
      return { isAllowed, policy, limit, remaining, resetSeconds: Math.max(1, Math.ceil((endsAtMs - nowMs) / 1000)) };
    };
    forgetOld(nowMs);
    try {
      while (windowOf(id, endsAtMs).unspent === 0 && !windowOf(id, endsAtMs).isExhausted) {
        if (nowMs < pausedUntilMs) return decide(true, null);
        await takeOnce(id, endsAtMs, limit);
      }
    } catch (error) {
      if (!(error instanceof DependencyUnavailableError)) throw error;
      pausedUntilMs = nowMs + PAUSE_MS;
      onUnavailable(error);
      return decide(true, null);
    }
    const window = windowOf(id, endsAtMs);
    if (window.unspent === 0) return decide(false, 0);
    const unspent = window.unspent - 1;
    windows.set(id, { ...window, unspent });
    return decide(true, Math.max(0, limit - window.used) + unspent);
  };
}
