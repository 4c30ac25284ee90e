import { aDelivery } from '@afterimage/testing';
import { describe, expect, test } from 'vitest';
import { afterAttempt } from './after-attempt.ts';
import type { DeliveryResult } from './webhook/deliver.ts';

const now = new Date('2026-01-02T03:04:05.000Z');
const facts = { now, latencyMs: 12, random: 0.5 };
const answered = (statusCode: number, retryAfter: string | null = null): DeliveryResult => ({
  kind: 'answered',
  statusCode,
  retryAfter,
});

describe('afterAttempt', () => {
  test.each([200, 201, 204, 299])('ends the delivery with %i', (statusCode) => {
    expect(afterAttempt(aDelivery({ attempt: 3 }), answered(statusCode), facts)).toEqual({
      update: {
        status: 'delivered',
        attempt: 3,
        dueAt: null,
        lastStatusCode: statusCode,
        lastError: null,
        lastLatencyMs: 12,
      },
      queueDelaySeconds: null,
    });
  });

  test.each([301, 302, 307, 308, 400, 404, 429, 500, 503])('tries again after %i', (statusCode) => {
    const { update } = afterAttempt(aDelivery(), answered(statusCode), facts);

    expect(update).toMatchObject({ status: 'pending', attempt: 2, lastStatusCode: statusCode });
    expect(update.lastError).toBe(`the receiver answered ${statusCode}`);
  });

  test('sends a near attempt to the queue, with the reconciler a minute behind it', () => {
    const { update, queueDelaySeconds } = afterAttempt(aDelivery(), answered(500), { ...facts, random: 0.1 });

    expect(queueDelaySeconds).toBe(5);
    expect(update.dueAt).toBe('2026-01-02T03:05:09.600Z');
  });

  test('leaves a far attempt to the reconciler', () => {
    const { update, queueDelaySeconds } = afterAttempt(aDelivery({ attempt: 3 }), answered(500), facts);

    expect(queueDelaySeconds).toBeNull();
    expect(update).toMatchObject({ attempt: 4, dueAt: '2026-01-02T03:34:05.000Z' });
  });

  test.each([
    ['900', 900],
    ['901', null],
  ])('can delay a message by what the receiver asks for, %s s, when SQS can', (retryAfter, delay) => {
    expect(afterAttempt(aDelivery(), answered(503, retryAfter), facts).queueDelaySeconds).toBe(delay);
  });

  test.each<[string, DeliveryResult, string]>([
    ['a receiver that is gone', answered(410), 'the receiver answered 410'],
    ['a target that is refused', { kind: 'refused', error: 'the URL must be https' }, 'the URL must be https'],
  ])('fails at once for %s', (_, result, lastError) => {
    const { update, queueDelaySeconds } = afterAttempt(aDelivery(), result, facts);

    expect(update).toMatchObject({ status: 'failed', attempt: 1, dueAt: null, lastError });
    expect(queueDelaySeconds).toBeNull();
  });

  test('fails after the last attempt', () => {
    const result = { kind: 'unreachable', error: 'the connection failed: ECONNREFUSED' } as const;

    expect(afterAttempt(aDelivery({ attempt: 10 }), result, facts).update).toEqual({
      status: 'failed',
      attempt: 10,
      dueAt: null,
      lastStatusCode: null,
      lastError: 'the connection failed: ECONNREFUSED',
      lastLatencyMs: 12,
    });
  });
});
