import type { DeliveryUpdate } from '@afterimage/job-core';
import { after } from '@afterimage/job-core';
import { type Delivery, TEST_EVENT } from '@afterimage/job-schemas';
import type { DeliveryResult } from './webhook/deliver.ts';
import { secondsUntilRetry } from './webhook/retry-schedule.ts';

/** The longest delay of an SQS message. */
export const MAX_QUEUE_DELAY_SECONDS = 900;
/** How long after its time a queued attempt is taken for lost, and enqueued again by the reconciler. */
export const QUEUE_GRACE_SECONDS = 60;

const GONE = 410;

export interface AttemptFacts {
  readonly now: Date;
  readonly latencyMs: number;
  /** From 0 up to, not including, 1. */
  readonly random: number;
}

export interface NextStep {
  readonly update: DeliveryUpdate;
  /** Delay of the message that asks for the next attempt; null when there is none, or the reconciler sends it in its time. */
  readonly queueDelaySeconds: number | null;
}

/** Any 2xx. */
export function isDelivered(result: DeliveryResult): boolean {
  return result.kind === 'answered' && result.statusCode >= 200 && result.statusCode < 300;
}

/** The receiver asks for nothing more. */
export function isGone(result: DeliveryResult): boolean {
  return result.kind === 'answered' && result.statusCode === GONE;
}

/** No later attempt is made: the receiver is gone for good, or may not be called, or the attempt was a test. */
function isFinal({ eventType }: Delivery, result: DeliveryResult): boolean {
  return result.kind === 'refused' || isGone(result) || eventType === TEST_EVENT;
}

/** What becomes of a pending delivery after the result of its attempt. */
export function afterAttempt(delivery: Delivery, result: DeliveryResult, facts: AttemptFacts): NextStep {
  const { attempt, firstAttempt } = delivery;
  const { now, random, latencyMs } = facts;
  const isAnswered = result.kind === 'answered';
  const last = { lastStatusCode: isAnswered ? result.statusCode : null, lastLatencyMs: latencyMs };
  if (isDelivered(result)) {
    const update = { ...last, status: 'delivered', attempt, dueAt: null, lastError: null } as const;
    return { update, queueDelaySeconds: null };
  }
  const lastError = isAnswered ? `the receiver answered ${result.statusCode}` : result.error;
  const retryAfter = isAnswered ? result.retryAfter : null;
  const round = { attempt: attempt - firstAttempt + 1, retryAfter, now, random };
  const seconds = isFinal(delivery, result) ? undefined : secondsUntilRetry(round);
  if (seconds === undefined) {
    return { update: { ...last, status: 'failed', attempt, dueAt: null, lastError }, queueDelaySeconds: null };
  }
  const isQueued = seconds <= MAX_QUEUE_DELAY_SECONDS;
  const dueAt = after(now, isQueued ? seconds + QUEUE_GRACE_SECONDS : seconds);
  return {
    update: { ...last, status: 'pending', attempt: attempt + 1, dueAt, lastError },
    queueDelaySeconds: isQueued ? Math.ceil(seconds) : null,
  };
}
