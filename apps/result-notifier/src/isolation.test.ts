import { aJobEvent, aJobRecord, aWebhookEndpoint } from '@afterimage/testing';
import { describe, expect, test } from 'vitest';
import { startVirtualNotifier } from '../test/virtual-notifier.ts';
import { SLOTS_PER_HOST } from './target-gate.ts';

const DELIVERIES = 1000;
const EVERY_MS = 20;
const ANSWER_MS = 20;
const TIMEOUT_MS = 15_000;
const HOUR_MS = 3_600_000;

const healthy = aWebhookEndpoint({ tenantId: 'tenant-1', url: 'https://healthy.example.com/hook' });
const dead = aWebhookEndpoint({ tenantId: 'tenant-2', url: 'https://dead.example.com/hook' });

/** Events at a steady pace for each of the endpoints; how long after each event the healthy one had it. */
async function latencies(endpoints: readonly (typeof healthy)[], burst = false): Promise<number[]> {
  const sentAt = new Map<string, number>();
  const tookMs: number[] = [];
  let calling = 0;
  let mostCalling = 0;
  const world = startVirtualNotifier({
    endpoints,
    async receive({ url, body }, sleep) {
      if (url === dead.url) {
        calling += 1;
        mostCalling = Math.max(mostCalling, calling);
        await sleep(TIMEOUT_MS);
        calling -= 1;
        return { kind: 'unreachable', error: `no complete answer within ${TIMEOUT_MS} ms` };
      }
      await sleep(ANSWER_MS);
      const { id }: { readonly id: string } = JSON.parse(body).data.job;
      tookMs.push(world.now().getTime() - (sentAt.get(id) ?? 0));
      return { kind: 'answered', statusCode: 204, retryAfter: null };
    },
  });
  for (let count = 0; count < DELIVERIES; count++) {
    for (const { tenantId } of endpoints) {
      const event = aJobEvent(aJobRecord({ tenantId, status: 'succeeded' }));
      sentAt.set(event.subject, world.now().getTime());
      world.send(event);
    }
    if (!burst) await world.time.pass(EVERY_MS);
  }
  await world.time.pass(HOUR_MS, () => tookMs.length === DELIVERIES);
  expect(mostCalling).toBeLessThanOrEqual(SLOTS_PER_HOST);
  return tookMs.toSorted((a, b) => a - b);
}

const p99 = (sorted: readonly number[]) => sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN;

describe('1,000 deliveries to a healthy receiver', () => {
  test('are as fast beside 1,000 to one that hangs, for another tenant', async () => {
    const alone = await latencies([healthy]);
    const beside = await latencies([healthy, dead]);

    expect(alone).toHaveLength(DELIVERIES);
    expect(p99(alone)).toBe(ANSWER_MS);
    expect(p99(beside)).toBeLessThanOrEqual(2 * p99(alone));
    expect(beside.at(-1)).toBeLessThanOrEqual(2 * p99(alone));
  });

  test('are at most twice as slow when all of them come at once', async () => {
    const alone = await latencies([healthy], true);
    const beside = await latencies([dead, healthy], true);

    expect(beside).toHaveLength(DELIVERIES);
    expect(p99(beside)).toBeLessThanOrEqual(2 * p99(alone));
  });
});

test('a receiver that hangs is called by probes alone after a while, and gets everything once it is back', async () => {
  const events = 200;
  let isBack = false;
  const calls: string[] = [];
  const world = startVirtualNotifier({
    endpoints: [dead],
    async receive({ headers }, sleep) {
      calls.push(headers['webhook-id'] ?? '');
      if (isBack) return { kind: 'answered', statusCode: 200, retryAfter: null };
      await sleep(TIMEOUT_MS);
      return { kind: 'unreachable', error: 'late' };
    },
  });
  for (let count = 0; count < events; count++) {
    world.send(aJobEvent(aJobRecord({ tenantId: 'tenant-2', status: 'succeeded' })));
    await world.time.pass(100);
  }
  await world.time.pass(HOUR_MS);
  const beforeProbes = calls.length;
  await world.time.pass(HOUR_MS);
  const probes = calls.length - beforeProbes;

  isBack = true;
  const isDone = () => world.deliveries.all().every(({ status }) => status === 'delivered');
  await world.time.pass(48 * HOUR_MS, isDone);

  // One in five minutes and the time of a probe, but for what the end of an interval cuts off.
  expect(probes).toBeGreaterThan(0);
  expect(probes).toBeLessThanOrEqual(12);
  expect(world.deliveries.all()).toHaveLength(events);
  expect(isDone()).toBe(true);
  expect(new Set(calls).size).toBe(events);
});
