import { afterEach, expect, it } from 'vitest';
import { aJobRecord } from '@afterimage/testing';
import { aFleet } from '../test/support/a-fleet.ts';
import { pass } from '../test/support/fake-time.ts';

let stop: () => Promise<void>;
afterEach(() => stop());

it('under a load of both priorities neither starves: batch jobs get one turn in ten, interactive ones the others', async () => {
  const fleet = aFleet({ workers: 2, jobMs: 1000 });
  ({ stop } = fleet);
  const { policy } = aJobRecord();
  const batchIds = new Set<string>();
  for (let i = 0; i < 60; i += 1) {
    const { id } = await fleet.submit(aJobRecord({ policy: { ...policy, priority: 'batch' } }));
    batchIds.add(id);
    await fleet.submit(aJobRecord());
  }

  await pass(fleet.clock, 20_000);

  const isBatch = fleet.started.slice(0, 30).map((id) => batchIds.has(id));
  expect(isBatch).toHaveLength(30);
  for (let end = 20; end <= 30; end += 10) {
    const share = isBatch.slice(0, end).filter(Boolean).length / end;
    expect(share).toBeGreaterThanOrEqual(0.1);
    expect(share).toBeLessThanOrEqual(0.2);
  }
});

it('with nothing interactive to do, batch jobs have every worker', async () => {
  const fleet = aFleet({ workers: 2, jobMs: 1000 });
  ({ stop } = fleet);
  const { policy } = aJobRecord();
  for (let i = 0; i < 10; i += 1) await fleet.submit(aJobRecord({ policy: { ...policy, priority: 'batch' } }));

  await pass(fleet.clock, 8000);

  expect(fleet.count('tenant-1', 'succeeded')).toBe(10);
});
