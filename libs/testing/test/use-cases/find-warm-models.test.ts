import { expect, it } from 'vitest';
import { makeFindWarmModels } from '@afterimage/job-core';
import { aWorkerRecord, FakeClock, InMemoryWorkerRegistry } from '../../src/index.ts';

async function setUp() {
  const clock = new FakeClock();
  const registry = new InMemoryWorkerRegistry();
  const seenAt = clock.now().toISOString();
  await registry.report(aWorkerRecord({ workerId: '1', model: 'a', seenAt }));
  await registry.report(aWorkerRecord({ workerId: '2', model: 'b', state: 'draining', seenAt }));
  await registry.report(aWorkerRecord({ workerId: '3', model: null, seenAt }));
  await registry.report(aWorkerRecord({ workerId: '4', model: 'c', pool: 'other', state: 'working', seenAt }));
  const find = makeFindWarmModels({ registry, pools: ['local', 'other'], now: clock.now });
  return { clock, registry, find };
}

it('a model is warm while a worker has it that takes jobs', async () => {
  const { find } = await setUp();

  expect([...(await find())].toSorted()).toEqual(['a', 'c']);
});

it('a worker that was not seen for a minute keeps no model warm', async () => {
  const { clock, find } = await setUp();

  clock.advance(60_000);
  expect((await find()).size).toBe(2);
  clock.advance(10_001);

  expect((await find()).size).toBe(0);
});
