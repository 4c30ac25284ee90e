import type { JobChange, JobStatusReader, JobStore } from '@afterimage/job-core';
import { applyChange } from '@afterimage/job-core';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { jobRecords } from '../arbitraries.ts';
import { aJobRecord, anId } from '../builders/job-builders.ts';
import { LIFECYCLE_CASES, violationsOf } from './lifecycle-cases.ts';

const RACERS = 100;

/** Holds a {@link JobStore} to its port; lists are held by `describeJobListContract`. */
export function describeJobStoreContract(
  name: string,
  makeStore: () => (JobStore & JobStatusReader) | Promise<JobStore & JobStatusReader>,
): void {
  describe(`${name} as a job store`, () => {
    let store: JobStore & JobStatusReader;

    beforeAll(async () => {
      store = await makeStore();
    });

    const stored = async (overrides: Parameters<typeof aJobRecord>[0] = {}) => {
      const job = aJobRecord(overrides);
      await store.create(job);
      return job;
    };

    describe('create', () => {
      it('keeps a job as it was given', async () => {
        const job = await stored();

        expect(await store.get(job.id)).toStrictEqual(job);
      });

      it('keeps every job that the schema allows', async () => {
        await fc.assert(
          fc.asyncProperty(jobRecords(), async (generated) => {
            const job = { ...generated, id: anId('job') };

            expect(await store.create(job)).toStrictEqual({ created: true, job });
            expect(await store.get(job.id)).toStrictEqual(job);
          }),
          { numRuns: 30 },
        );
      });

      it('keeps metadata under the names of methods', async () => {
        const job = await stored({ metadata: { constructor: 'a', toString: 'b', hasOwnProperty: 'c', name: 'd' } });

        expect(await store.get(job.id)).toStrictEqual(job);
      });

      it('yields the stored job when the id is taken, whatever the second one says', async () => {
        const first = await stored({ fingerprint: 'first' });

        const second = await store.create({ ...first, fingerprint: 'second', version: 9 });

        expect(second).toStrictEqual({ created: false, job: first });
        expect(await store.get(first.id)).toStrictEqual(first);
      });

      it(`lets exactly one of ${RACERS} creations of the same id win`, async () => {
        const id = anId('job');
        const racers = Array.from({ length: RACERS }, (_, racer) => aJobRecord({ id, fingerprint: `racer-${racer}` }));

        const results = await Promise.all(racers.map((racer) => store.create(racer)));

        const winners = results.filter((result) => result.created);
        expect(winners).toHaveLength(1);
        expect(new Set(results.map((result) => result.job.fingerprint))).toStrictEqual(
          new Set([winners[0]?.job.fingerprint]),
        );
      });
    });

    describe('get', () => {
      it('yields undefined for an id that is not there', async () => {
        expect(await store.get(anId('job'))).toBeUndefined();
      });
    });

    describe('statusesOf', () => {
      it('yields the states of a hundred jobs, without those that are not there', async () => {
        const jobs = await Promise.all(
          Array.from({ length: 99 }, (_, index) =>
            stored({ status: index % 2 === 0 ? 'failed' : 'queued', batchId: anId('bat') }),
          ),
        );

        const statuses = await store.statusesOf([...jobs.map(({ id }) => id), anId('job')]);

        expect(new Map(statuses)).toStrictEqual(new Map(jobs.map(({ id, status }) => [id, status])));
      });

      it('is empty for no jobs', async () => {
        expect((await store.statusesOf([])).size).toBe(0);
      });
    });

    describe('change', () => {
      it('yields undefined for an id that is not there, and creates nothing', async () => {
        const id = anId('job');

        for (const { change } of LIFECYCLE_CASES) expect(await store.change(id, change)).toBeUndefined();

        expect(await store.get(id)).toBeUndefined();
      });

      describe.each(LIFECYCLE_CASES)('$name', ({ job: makeJob, change }) => {
        it('does what the lifecycle says, and the second time too', async () => {
          const job = await stored(makeJob());
          const once = applyChange(job, change);
          const twice = once === undefined ? undefined : applyChange(once, change);

          expect(once).toBeDefined();
          expect(await store.change(job.id, change)).toStrictEqual(once);
          expect(await store.get(job.id)).toStrictEqual(once);
          expect(await store.change(job.id, change)).toStrictEqual(twice);
          expect(await store.get(job.id)).toStrictEqual(twice ?? once);
        });

        it.each(violationsOf(change))('is refused with $name', async ({ set }) => {
          const job = await stored({ ...makeJob(), ...set });

          expect(await store.change(job.id, change)).toBeUndefined();
          expect(await store.get(job.id)).toStrictEqual(job);
        });
      });

      it('lets exactly one of many claims win', async () => {
        const { id } = await stored();
        const claims = Array.from({ length: 20 }, (_, worker) => claimOf(`worker-${worker}`));

        const results = await Promise.all(claims.map((claim) => store.change(id, claim)));

        const winners = results.filter((result) => result !== undefined);
        expect(winners).toHaveLength(1);
        expect(await store.get(id)).toStrictEqual(winners[0]);
      });
    });
  });
}

function claimOf(owner: string): JobChange {
  const found = LIFECYCLE_CASES.find(({ name }) => name === 'claim');
  if (found === undefined) throw new Error('the lifecycle has no claim');
  return { ...found.change, set: { ...found.change.set, leaseOwner: owner, token: `token-of-${owner}` } };
}
