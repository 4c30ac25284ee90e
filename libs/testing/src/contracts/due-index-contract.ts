import type { BatchStore, DeliveryStore, DueIndex, DueItem, JobChange, JobStore } from '@afterimage/job-core';
import { after, cancel, completeBatch, confirmAnnounced, confirmBatchAnnounced } from '@afterimage/job-core';
import type { JobRecord } from '@afterimage/job-schemas';
import { beforeAll, describe, expect, it } from 'vitest';
import { aBatchRecord } from '../builders/batch-builders.ts';
import { aJobRecord, anId } from '../builders/job-builders.ts';
import { aDelivery } from '../builders/message-builders.ts';
import { waitFor } from '../wait-for.ts';

/** An index and the stores that it is over. */
export interface DueIndexSubject {
  readonly due: DueIndex;
  readonly jobs: JobStore;
  readonly batches: BatchStore;
  readonly deliveries: DeliveryStore;
}

const DUE_AT = '2026-01-02T03:05:00.000Z';
const JUST_BEFORE = '2026-01-02T03:04:59.999Z';
const LONG_AGO = '1990-01-01T00:00:00.000Z';
const PLENTY = 1000;
/** The index may be behind the stores for a while. */
const EVENTUALLY = { timeout: 10_000, interval: 20 };
const SHARDS_AT_MOST = 16;

/** Holds a {@link DueIndex} to its port. */
export function describeDueIndexContract(name: string, make: () => DueIndexSubject | Promise<DueIndexSubject>): void {
  describe(`${name} as the index of what is due`, () => {
    let subject: DueIndexSubject;

    beforeAll(async () => {
      subject = await make();
    });

    async function dueItem(id: string, now: string): Promise<DueItem | undefined> {
      return (await subject.due.listDue(now, PLENTY)).find((item) => item.id === id);
    }

    const lookFor = (id: string) => () => dueItem(id, DUE_AT);

    async function changed(job: JobRecord, change: JobChange | undefined): Promise<JobRecord> {
      const next = change === undefined ? undefined : await subject.jobs.change(job.id, change);
      if (next === undefined) throw new Error(`a job that is ${job.status} does not take this change`);
      return next;
    }

    it('shows a job from its time on, and not before', async () => {
      const { id } = aJobRecord();
      await subject.jobs.create(aJobRecord({ id, dueAt: DUE_AT }));

      await expect.poll(lookFor(id), EVENTUALLY).toBeDefined();

      expect(await dueItem(id, DUE_AT)).toStrictEqual({ kind: 'job', id, dueAt: DUE_AT });
      expect(await dueItem(id, JUST_BEFORE)).toBeUndefined();
    });

    it('shows a batch as such, until it is completed and announced', async () => {
      const batch = aBatchRecord({ dueAt: DUE_AT });
      await subject.batches.create(batch, []);
      await expect.poll(lookFor(batch.id), EVENTUALLY).toBeDefined();
      expect(await dueItem(batch.id, DUE_AT)).toStrictEqual({ kind: 'batch', id: batch.id, dueAt: DUE_AT });

      await subject.batches.change(batch.id, completeBatch(new Date(LONG_AGO)));
      await subject.batches.change(batch.id, confirmBatchAnnounced());

      await expect.poll(lookFor(batch.id), EVENTUALLY).toBeUndefined();
    });

    it('shows a delivery as such', async () => {
      const { id } = aDelivery();
      await subject.deliveries.create(aDelivery({ id, dueAt: DUE_AT }));

      await expect.poll(lookFor(id), EVENTUALLY).toBeDefined();

      expect(await dueItem(id, DUE_AT)).toStrictEqual({ kind: 'delivery', id, dueAt: DUE_AT });
    });

    it('forgets a job that is terminal and announced, and only then', async () => {
      const job = aJobRecord({ dueAt: JUST_BEFORE });
      await subject.jobs.create(job);
      await expect.poll(lookFor(job.id), EVENTUALLY).toBeDefined();

      const canceled = await changed(job, cancel(job, new Date(after(new Date(DUE_AT), -60))));
      await expect.poll(lookFor(job.id), EVENTUALLY).toBeDefined();
      const announced = await changed(canceled, confirmAnnounced(canceled));

      expect(announced.dueAt).toBeNull();
      await expect.poll(lookFor(job.id), EVENTUALLY).toBeUndefined();
    });

    it('shows a job again that becomes due again', async () => {
      const job = aJobRecord({ dueAt: null });
      await subject.jobs.create(job);
      await expect.poll(lookFor(job.id), EVENTUALLY).toBeUndefined();

      await changed(job, { guard: { status: ['queued'] }, set: { dueAt: DUE_AT }, bumpsVersion: false });

      await expect.poll(lookFor(job.id), EVENTUALLY).toBeDefined();
    });

    it('follows a job that becomes due at another time', async () => {
      const job = aJobRecord({ dueAt: JUST_BEFORE });
      await subject.jobs.create(job);
      await expect.poll(lookFor(job.id), EVENTUALLY).toBeDefined();

      await changed(job, {
        guard: { status: ['queued'] },
        set: { dueAt: after(new Date(DUE_AT), 1) },
        bumpsVersion: false,
      });

      await expect.poll(lookFor(job.id), EVENTUALLY).toBeUndefined();
    });

    it('forgets a delivery that was made', async () => {
      const delivery = aDelivery({ dueAt: DUE_AT });
      await subject.deliveries.create(delivery);
      await expect.poll(lookFor(delivery.id), EVENTUALLY).toBeDefined();

      await subject.deliveries.update(delivery.id, 1, {
        status: 'delivered',
        attempt: 1,
        dueAt: null,
        lastStatusCode: 200,
        lastError: null,
        lastLatencyMs: 12,
      });

      await expect.poll(lookFor(delivery.id), EVENTUALLY).toBeUndefined();
    });

    it('yields at most the limit of each shard, the oldest first', async () => {
      const dueAt = (index: number) => after(new Date(LONG_AGO), index);
      const count = 40;
      for (let index = 0; index < count; index++) {
        await subject.jobs.create(aJobRecord({ id: anId('job'), dueAt: dueAt(index) }));
      }
      const now = dueAt(count);
      await waitFor(async () => (await subject.due.listDue(now, PLENTY)).length === count);

      const limited = await subject.due.listDue(now, 1);

      expect(limited.length).toBeGreaterThanOrEqual(1);
      expect(limited.length).toBeLessThanOrEqual(SHARDS_AT_MOST);
      expect(limited.map((item) => item.dueAt)).toContain(dueAt(0));
    });
  });
}
