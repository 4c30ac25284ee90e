const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Seconds before each attempt, counted from the end of the one before it: about 76 hours in all. */
export const RETRY_SCHEDULE_SECONDS = [
  0,
  5,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const;

const JITTER = 0.1;
const MAX_RETRY_AFTER_SECONDS = 24 * HOUR;
/** The one form of RFC 9110's HTTP-date that may still be sent: `Wed, 21 Oct 2026 07:28:00 GMT`. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Seconds that a `Retry-After` header asks for, from 0 to 24 hours; undefined when it cannot be read. */
export function retryAfterSeconds(header: string | null, now: Date): number | undefined {
  const value = header?.trim() ?? '';
  if (/^\d+$/.test(value)) return Math.min(Number(value), MAX_RETRY_AFTER_SECONDS);
  if (!HTTP_DATE.test(value)) return undefined;
  const seconds = Math.ceil((Date.parse(value) - now.getTime()) / 1000);
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 0), MAX_RETRY_AFTER_SECONDS);
}

export interface FailedAttempt {
  /** Number of the attempt that failed, from 1. */
  readonly attempt: number;
  readonly retryAfter: string | null;
  readonly now: Date;
  /** From 0 up to, not including, 1. */
  readonly random: number;
}

/**
 * Seconds until the next attempt: the schedule's with ±10 % jitter, or what the receiver asked for when that is longer.
 * Undefined after the last attempt.
 */
export function secondsUntilRetry({ attempt, retryAfter, now, random }: FailedAttempt): number | undefined {
  const scheduled = RETRY_SCHEDULE_SECONDS[attempt];
  if (scheduled === undefined) return undefined;
  const jittered = scheduled * (1 - JITTER + 2 * JITTER * random);
  return Math.max(jittered, retryAfterSeconds(retryAfter, now) ?? 0);
}
