import type { BatchStore } from '@afterimage/job-core';
import {
  applyBatchChange,
  type BatchChange,
  batchJobs,
  cancelBatch,
  completeBatch,
  confirmBatchAnnounced,
  confirmFilled,
  recordCount,
  recordEnds,
} from '@afterimage/job-core';
import type { BatchRecord } from '@afterimage/job-schemas';
import { LIMITS } from '@afterimage/job-schemas';
import { beforeAll, describe, expect, it } from 'vitest';
import { aBatchRecord, batchRequests } from '../builders/batch-builders.ts';
import { aCreateJob, anId, CREATED_AT } from '../builders/job-builders.ts';

const NOW = new Date(Date.parse(CREATED_AT) + 5000);

const CHANGES: readonly (readonly [string, BatchChange])[] = [
  ['its jobs being there', confirmFilled()],
  ['its cancellation', cancelBatch(NOW)],
  ['its jobs being counted', recordCount({}, NOW)],
  ['its completion', completeBatch(NOW)],
];

/** Holds a {@link BatchStore} to its port. */
export function describeBatchStoreContract(name: string, makeStore: () => BatchStore | Promise<BatchStore>): void {
  describe(`${name} as a batch store`, () => {
    let store: BatchStore;

    beforeAll(async () => {
      store = await makeStore();
    });

    async function created(overrides: Partial<BatchRecord> = {}): Promise<BatchRecord> {
      const batch = aBatchRecord(overrides);
      await store.create(batch, batchRequests(batch.size));
      return batch;
    }

    it('keeps a batch and its requests as they were given', async () => {
      const batch = aBatchRecord({
        traceparent: '00-a-b-01',
        size: 3,
        webhook: { url: 'https://example.com/hook' },
        metadata: { constructor: '🙂' },
        rejections: [
          { index: 1, code: 'validation-failed', detail: 'no', errors: [{ pointer: '#/a', code: 'c', detail: 'd' }] },
        ],
      });
      const requests = batchRequests(3).filter(({ index }) => index !== 1);

      expect(await store.create(batch, requests)).toStrictEqual({ created: true, batch });

      expect(await store.get(batch.id)).toStrictEqual(batch);
      expect(await store.requestsOf(batch)).toStrictEqual(requests);
    });

    it('yields undefined for an id that is not there, and changes nothing', async () => {
      expect(await store.get(anId('bat'))).toBeUndefined();
      expect(await store.change(anId('bat'), confirmFilled())).toBeUndefined();
    });

    it('yields the stored batch when the id is taken, and leaves its requests alone', async () => {
      const first = await created();

      const second = await store.create({ ...first, fingerprint: 'b'.repeat(64), size: 1 }, batchRequests(1));

      expect(second).toStrictEqual({ created: false, batch: first });
      expect(await store.requestsOf(first)).toStrictEqual(batchRequests(2));
    });

    it('creates one batch of many at the same time', async () => {
      const batch = aBatchRecord();

      const results = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          store.create({ ...batch, fingerprint: String(index) }, batchRequests(index % 3)),
        ),
      );

      expect(results.filter((result) => result.created)).toHaveLength(1);
      const stored = await store.get(batch.id);
      expect(new Set(results.map((result) => result.batch.fingerprint))).toEqual(new Set([stored?.fingerprint]));
      expect(await store.requestsOf(stored ?? batch)).toHaveLength(Number(stored?.fingerprint) % 3);
    });

    it('keeps as many requests as a batch can have, each as long as it can be', async () => {
      const prompt = 'é'.repeat(LIMITS.promptCharacters);
      const requests = Array.from({ length: LIMITS.batch.items }, (_, index) => ({
        index,
        pool: 'local',
        request: aCreateJob({ input: { prompt, negativePrompt: 'x', seed: index } }),
      }));
      const batch = aBatchRecord({ size: LIMITS.batch.items });
      await store.create(batch, requests);

      const stored = await store.requestsOf(batch);

      expect(stored.map(({ index }) => index)).toEqual(requests.map(({ index }) => index));
      expect(stored.at(-1)).toStrictEqual(requests.at(-1));
    });

    it('drops the requests, also twice, and keeps the batch', async () => {
      const batch = await created();

      await store.dropRequests(batch);
      await store.dropRequests(batch);

      expect(await store.requestsOf(batch)).toEqual([]);
      expect(await store.get(batch.id)).toStrictEqual(batch);
    });

    it.each(CHANGES)('writes %s', async (_, change) => {
      const batch = await created();

      const changed = await store.change(batch.id, change);

      expect(changed).toStrictEqual(applyBatchChange(batch, change));
      expect(await store.get(batch.id)).toStrictEqual(changed);
    });

    it.each(CHANGES)('refuses %s once it is completed', async (_, change) => {
      const batch = await created();
      const completed = await store.change(batch.id, completeBatch(NOW));

      expect(await store.change(batch.id, change)).toBeUndefined();
      expect(await store.get(batch.id)).toStrictEqual(completed);
    });

    it('is nobody’s business once it is announced', async () => {
      const batch = await created();
      expect(await store.change(batch.id, confirmBatchAnnounced())).toBeUndefined();
      await store.change(batch.id, completeBatch(NOW));

      expect(await store.change(batch.id, confirmBatchAnnounced())).toMatchObject({ dueAt: null });
    });

    it('counts each end once, whoever tells of it at the same time', async () => {
      const batch = await created({ size: 20 });
      const ids = batchJobs(batch).map(({ jobId }) => jobId);
      const twice = [...ids, ...ids.toReversed()];

      const changed = await Promise.all(twice.map((id) => store.change(batch.id, recordEnds({ [id]: 'failed' }))));

      expect(await store.get(batch.id)).toStrictEqual({
        ...batch,
        ends: Object.fromEntries(ids.map((id) => [id, 'failed'])),
      });
      // Somebody has seen the last of them, and completes the batch.
      expect(changed.some((each) => Object.keys(each?.ends ?? {}).length === 20)).toBe(true);
    });
  });
}
