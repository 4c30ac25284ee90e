import { aJobEvent, aJobRecord, aWebhookEndpoint } from '@afterimage/testing';
import { describe, expect, test } from 'vitest';
import { startVirtualNotifier } from '../test/virtual-notifier.ts';
import type { DeliveryResult } from './webhook/deliver.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const OK: DeliveryResult = { kind: 'answered', statusCode: 204, retryAfter: null };
const DOWN: DeliveryResult = { kind: 'unreachable', error: 'the connection failed: ECONNREFUSED' };

const anEvent = () => aJobEvent(aJobRecord({ status: 'succeeded' }));

/** A notifier whose receiver answers what `answer` says after so many milliseconds since the start. */
function aWorld(answer: (sinceStartMs: number) => DeliveryResult) {
  const endpoint = aWebhookEndpoint();
  const calls: { readonly atMs: number; readonly id: string | undefined }[] = [];
  const world = startVirtualNotifier({
    endpoints: [endpoint],
    async receive({ headers }) {
      const atMs = world.now().getTime() - start;
      calls.push({ atMs, id: headers['webhook-id'] });
      return answer(atMs);
    },
  });
  const start = world.now().getTime();
  return { ...world, endpoint, calls };
}

describe('a receiver', () => {
  test('that is down for 70 hours gets the event once it is up, at the tenth attempt', async () => {
    const { send, time, deliveries, calls } = aWorld((ms) => (ms < 70 * HOUR_MS ? DOWN : OK));

    send(anEvent());
    await time.pass(80 * HOUR_MS);

    const [delivery] = deliveries.all();
    expect(delivery).toMatchObject({ status: 'delivered', attempt: 10, lastStatusCode: 204 });
    expect(delivery?.attempts.map(({ number, statusCode }) => [number, statusCode])).toEqual([
      ...Array.from({ length: 9 }, (_, index) => [index + 1, null]),
      [10, 204],
    ]);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(1);
    // 0, 5 s, 5 min, 30 min, 2, 5, 10, 14, 20, 24 h one after the other; far ones by the reconciler, each minute.
    const expectedMs = [0, 5, 305, 2105, 9305, 27_305, 63_305, 113_705, 185_705, 272_105].map((s) => s * 1000);
    calls.forEach(({ atMs }, index) => {
      expect(atMs).toBeGreaterThanOrEqual(expectedMs[index] ?? Number.NaN);
      expect(atMs - (expectedMs[index] ?? 0)).toBeLessThan(10 * 60_000);
    });
  });

  test('that is down for good costs ten attempts, and the delivery fails with its reason', async () => {
    const { send, time, deliveries, calls } = aWorld(() => DOWN);

    send(anEvent());
    await time.pass(5 * DAY_MS);

    expect(calls).toHaveLength(10);
    expect(deliveries.all()).toMatchObject([{ status: 'failed', attempt: 10, dueAt: null, lastError: DOWN.error }]);
  });

  test('that has failed for five days is disabled, with a reason that its tenant sees', async () => {
    const { send, time, endpoints, endpoint, telemetry, calls, deliveries } = aWorld(() => DOWN);
    const disabledReason = async () => (await endpoints.get(endpoint.tenantId, endpoint.id))?.disabledReason;
    for (let day = 0; day < 5; day++) {
      send(anEvent());
      await time.pass(DAY_MS - 1);
    }
    expect(await disabledReason()).toBeNull();

    send(anEvent());
    await time.pass(DAY_MS);

    expect(await disabledReason()).toBe('failing');
    expect(telemetry.counts.get('WebhookEndpointDisabled')).toBe(1);
    const after = calls.length;
    send(anEvent());
    await time.pass(10 * DAY_MS);
    expect(calls).toHaveLength(after);
    expect(deliveries.all().every(({ status }) => status === 'failed')).toBe(true);
  });

  test('that answered once within five days is not disabled', async () => {
    const { send, time, endpoints, endpoint } = aWorld((ms) => (Math.abs(ms - 3 * DAY_MS) < HOUR_MS ? OK : DOWN));
    for (let day = 0; day < 7; day++) {
      send(anEvent());
      await time.pass(DAY_MS);
    }

    expect(await endpoints.get(endpoint.tenantId, endpoint.id)).toMatchObject({ disabledReason: null });
  });

  test('that is gone is disabled at once', async () => {
    const { send, time, endpoints, endpoint, calls } = aWorld(() => ({ ...OK, statusCode: 410 }));
    send(anEvent());
    await time.pass(1000);
    send(anEvent());
    await time.pass(DAY_MS);

    expect(calls).toHaveLength(1);
    expect(await endpoints.get(endpoint.tenantId, endpoint.id)).toMatchObject({ disabledReason: 'gone' });
  });

  test('that asks for time gets it', async () => {
    const { send, time, calls } = aWorld((ms) =>
      ms === 0 ? { kind: 'answered', statusCode: 503, retryAfter: '7200' } : OK,
    );

    send(anEvent());
    await time.pass(DAY_MS);

    expect(calls).toHaveLength(2);
    expect(calls[1]?.atMs).toBeGreaterThanOrEqual(7_200_000);
    expect(calls[1]?.atMs).toBeLessThan(7_200_000 + 120_000);
  });
});
