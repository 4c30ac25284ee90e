import { describe, expect, it } from 'vitest';
import { FakeClock, InMemoryRateStore } from '../../src/index.ts';
import { DependencyUnavailableError, type RateStore, makeLimitRate } from '@afterimage/job-core';

const REQUEST = { tenantId: 'tenant-1', policy: 'create', limit: 600 };

function aProcess(rates: RateStore, clock = new FakeClock()) {
  const failures: unknown[] = [];
  return {
    clock,
    failures,
    limitRate: makeLimitRate({ rates, now: clock.now, onUnavailable: (e) => failures.push(e) }),
  };
}

async function allowedOf(limitRate: ReturnType<typeof makeLimitRate>, count: number, request = REQUEST) {
  let allowed = 0;
  for (let i = 0; i < count; i++) if ((await limitRate(request)).isAllowed) allowed += 1;
  return allowed;
}

describe('a process alone', () => {
  it.each([1, 2, 10, 600, 3000])('is allowed exactly %i requests a window', async (limit) => {
    const { limitRate } = aProcess(new InMemoryRateStore());

    expect(await allowedOf(limitRate, limit + 10, { ...REQUEST, limit })).toBe(limit);
  });

  it('makes a call for few of its requests, and none once the window is used up', async () => {
    const rates = new InMemoryRateStore();
    const { limitRate } = aProcess(rates);

    await allowedOf(limitRate, 600);
    expect(rates.calls).toBeLessThan(75);
    await allowedOf(limitRate, 1);
    const { calls } = rates;
    await allowedOf(limitRate, 1000);

    expect(rates.calls).toBe(calls);
  });

  it('tells what is left and when there is more', async () => {
    const { clock, limitRate } = aProcess(new InMemoryRateStore());

    const first = await limitRate({ ...REQUEST, limit: 2 });
    const second = await limitRate({ ...REQUEST, limit: 2 });
    const refused = await limitRate({ ...REQUEST, limit: 2 });

    expect([first.remaining, second.remaining]).toEqual([1, 0]);
    expect(refused).toMatchObject({ isAllowed: false, remaining: 0 });
    clock.advance(refused.resetSeconds * 1000);
    expect(await limitRate({ ...REQUEST, limit: 2 })).toMatchObject({ isAllowed: true, remaining: 1 });
  });

  it('counts tenants and policies apart', async () => {
    const { limitRate } = aProcess(new InMemoryRateStore());
    const one = { ...REQUEST, limit: 1 };
    await limitRate(one);

    expect(await limitRate(one)).toMatchObject({ isAllowed: false });
    expect(await limitRate({ ...one, policy: 'requests' })).toMatchObject({ isAllowed: true });
    expect(await limitRate({ ...one, tenantId: 'tenant-2' })).toMatchObject({ isAllowed: true });
  });
});

describe('without the store', () => {
  it('requests pass, and it is asked again after a second only', async () => {
    let calls = 0;
    const rates: RateStore = {
      take: () => {
        calls += 1;
        return Promise.reject(new DependencyUnavailableError('throttled'));
      },
    };
    const { clock, failures, limitRate } = aProcess(rates);

    expect(await limitRate(REQUEST)).toMatchObject({ isAllowed: true, remaining: null });
    expect(await limitRate(REQUEST)).toMatchObject({ isAllowed: true, remaining: null });
    expect([calls, failures.length]).toEqual([1, 1]);
    clock.advance(1000);
    await limitRate(REQUEST);

    expect([calls, failures.length]).toEqual([2, 2]);
  });

  it('a bug is no outage', async () => {
    const { limitRate } = aProcess({ take: () => Promise.reject(new TypeError('a bug')) });

    await expect(limitRate(REQUEST)).rejects.toThrow('a bug');
  });
});
