import type { RateLease, RateStore } from '@afterimage/job-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { anId, CREATED_AT } from '../builders/job-builders.ts';

function aLease(overrides: Partial<RateLease> = {}): RateLease {
  return { tokens: 1, limit: 10, isNewHolder: false, endsAt: new Date(CREATED_AT), ...overrides };
}

/** Holds a {@link RateStore} to its port. */
export function describeRateStoreContract(name: string, makeStore: () => RateStore | Promise<RateStore>): void {
  describe(`${name} as a rate store`, () => {
    let store: RateStore;

    beforeAll(async () => {
      store = await makeStore();
    });

    it('counts what is taken, and who takes for the first time', async () => {
      const id = anId('evt');

      expect(await store.take(id, aLease({ isNewHolder: true }))).toStrictEqual({ used: 1, holders: 1 });
      expect(await store.take(id, aLease({ tokens: 4 }))).toStrictEqual({ used: 5, holders: 1 });
      expect(await store.take(id, aLease({ tokens: 5, isNewHolder: true }))).toStrictEqual({ used: 10, holders: 2 });
    });

    it('gives nothing of a lease that is more than what is left, and less than that all the same', async () => {
      const id = anId('evt');
      await store.take(id, aLease({ tokens: 8 }));

      expect(await store.take(id, aLease({ tokens: 3 }))).toBeUndefined();
      expect(await store.take(id, aLease({ tokens: 2 }))).toMatchObject({ used: 10 });
      expect(await store.take(id, aLease({ isNewHolder: true }))).toBeUndefined();
      expect(await store.take(anId('evt'), aLease({ tokens: 11 }))).toBeUndefined();
    });

    it('never gives more than the limit to those who ask at the same time', async () => {
      const id = anId('evt');

      const answers = await Promise.all(Array.from({ length: 30 }, () => store.take(id, aLease())));

      expect(answers.filter((answer) => answer !== undefined)).toHaveLength(10);
    });
  });
}
