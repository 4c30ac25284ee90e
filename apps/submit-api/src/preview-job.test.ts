import { jobPreviewSchema } from '@afterimage/job-schemas';
import { aCreateJob, aJobRecord, anId, InMemoryJobStore } from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import { POOLS, problemOf } from '@afterimage/job-commands/bench';
import { makePreviewJob } from './preview-job.ts';

const timings = { queuedMs: 1500, modelLoadMs: null, inferenceMs: 7000, uploadMs: 0 };

function setUp(jobs = [aJobRecord({ status: 'succeeded', timings })]) {
  const store = new InMemoryJobStore(jobs);
  const now = () => new Date('2026-01-02T04:00:00.000Z');
  return { store, previewJob: makePreviewJob({ jobs: store, pools: POOLS, allowLoopbackWebhooks: false, now }) };
}

describe('previewJob', () => {
  it('fills in the defaults, estimates, and creates nothing', async () => {
    const { store, previewJob } = setUp();

    const preview = await previewJob('tenant-1', aCreateJob({ metadata: { a: 'b' } }));

    expect(jobPreviewSchema.strict().parse(preview)).toEqual(preview);
    expect(preview).toMatchObject({
      pool: 'local',
      input: { seed: null, steps: 20, width: 512, images: 1 },
      policy: { maxAttempts: 3 },
      metadata: { a: 'b' },
      queue: { ahead: null, estimatedStartSeconds: 2 },
      estimatedRunSeconds: 7,
    });
    expect(store.all()).toHaveLength(1);
  });

  it('keeps the seed of the request', async () => {
    const { previewJob } = setUp();

    const preview = await previewJob('tenant-1', aCreateJob({ input: { prompt: 'a', seed: 0 } }));

    expect(preview.input).toMatchObject({ seed: 0 });
  });

  it('learns nothing from jobs of other tenants, models, tasks or endings', async () => {
    const { previewJob } = setUp([
      aJobRecord({ status: 'succeeded', timings, tenantId: 'tenant-2' }),
      aJobRecord({ status: 'succeeded', timings, model: 'painter' }),
      aJobRecord({ status: 'succeeded', timings, task: 'upscale' }),
      aJobRecord({ status: 'failed', timings }),
    ]);

    const preview = await previewJob('tenant-1', aCreateJob());

    expect(preview).toMatchObject({ queue: { estimatedStartSeconds: null }, estimatedRunSeconds: null });
  });

  it.each([
    [aCreateJob({ model: 'sdxl' }), 'model-not-available'],
    [aCreateJob({ input: { prompt: 'a', width: 2048 } }), 'validation-failed'],
    [
      aCreateJob({ model: 'painter', task: 'upscale', input: { image: { jobOutput: `${anId('job')}/0` } } }),
      'validation-failed',
    ],
  ])('refuses what a job would be refused for: %o', async (request, code) => {
    const { previewJob } = setUp();

    expect((await problemOf(previewJob('tenant-1', request))).code).toBe(code);
  });
});
