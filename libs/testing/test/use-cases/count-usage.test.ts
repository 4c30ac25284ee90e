import { expect, it } from 'vitest';
import { makeCountUsage } from '@afterimage/job-core';
import { aJobEvent, aJobRecord, InMemoryUsageStore } from '../../src/index.ts';

const OUTPUT = { index: 0, key: 'k', contentType: 'image/png', width: 64, height: 64, bytes: 1, sha256: '', seed: 1 };

function aSuccess() {
  const timings = { queuedMs: 1, modelLoadMs: null, inferenceMs: 1234, uploadMs: 1 };
  const outputs = [{ ...OUTPUT, thumbnailKey: null }];
  return aJobRecord({ status: 'succeeded', finishedAt: '2026-01-02T23:59:59.999Z', timings, outputs });
}

it('the success of a job is counted once, however often its event comes', async () => {
  const usage = new InMemoryUsageStore();
  const countUsage = makeCountUsage({ usage });
  const event = aJobEvent(aSuccess());

  await Promise.all([countUsage(event), countUsage(event)]);
  await countUsage(event);

  expect(await usage.ofDay('tenant-1', '2026-01-02')).toEqual([
    { model: 'sketch-1', jobs: 1, images: 1, engineMs: 1234 },
  ]);
});

it('other events are not counted', async () => {
  const usage = new InMemoryUsageStore();
  const countUsage = makeCountUsage({ usage });

  await countUsage(aJobEvent({ ...aSuccess(), status: 'failed' }));
  await countUsage({ deliveryId: 'whd_00000000000000000000000000', attempt: 1 });

  expect(await usage.ofDay('tenant-1', '2026-01-02')).toEqual([]);
});
