import { DependencyUnavailableError } from '@afterimage/job-core';
import { aJobEvent, aJobRecord, aWebhookEndpoint } from '@afterimage/testing';
import { expect, test } from 'vitest';
import { startVirtualNotifier } from '../test/virtual-notifier.ts';

/** Makes the n-th call of any method of these objects fail, as a table that throttles does; counts the calls. */
function throttleCall(n: number, ...stores: object[]): { readonly calls: number } {
  const state = { calls: 0 };
  for (const store of stores) {
    for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(store))) {
      const method: unknown = Reflect.get(store, name);
      if (name === 'constructor' || name === 'all' || typeof method !== 'function') continue;
      const throttled = async (...args: unknown[]): Promise<unknown> => {
        state.calls += 1;
        if (state.calls === n) throw new DependencyUnavailableError('the jobs table is not available: Throttling');
        return Reflect.apply(method, store, args);
      };
      Reflect.set(store, name, throttled);
    }
  }
  return state;
}

/** One event for an endpoint and a job's own webhook; the n-th call of a store fails. */
async function deliverWith(n: number) {
  const ids: (string | undefined)[] = [];
  const world = startVirtualNotifier({
    endpoints: [aWebhookEndpoint()],
    receive: async ({ headers }) => {
      ids.push(headers['webhook-id']);
      return { kind: 'answered', statusCode: 200, retryAfter: null };
    },
  });
  const webhook = { url: 'https://job.example.com/', events: ['job.succeeded' as const] };
  const { job } = await world.jobs.create(aJobRecord({ status: 'succeeded', webhook }));
  const state = throttleCall(n, world.deliveries, world.endpoints, world.targets, world.jobs, world.tenants);
  world.send(aJobEvent(job));
  await world.time.pass(3_600_000);
  return { ids, calls: state.calls, deliveries: world.deliveries.all() };
}

test('whichever call of the table is throttled, everything arrives, at least once and under one id a target', async () => {
  const { calls } = await deliverWith(0);
  expect(calls).toBeGreaterThan(10);

  for (let n = 1; n <= calls; n++) {
    const { ids, deliveries } = await deliverWith(n);

    expect(
      deliveries.map(({ status }) => status),
      `call ${n}`,
    ).toEqual(['delivered', 'delivered']);
    expect(new Set(ids), `call ${n}`).toEqual(new Set(deliveries.map(({ eventId }) => eventId)));
    expect(ids.length, `call ${n}`).toBeLessThanOrEqual(4);
  }
});
