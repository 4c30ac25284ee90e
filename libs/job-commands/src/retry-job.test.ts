import type { JobRecord } from '@afterimage/job-schemas';
import { aJobRecord, anId, aRunningJob } from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import { aBench, aRetryCommand, problemOf } from '../test/bench.ts';

const failed = (overrides: Partial<JobRecord> = {}) =>
  aJobRecord({ status: 'failed', metadata: { orderId: 'A-17' }, ...overrides });

describe('retryJob', () => {
  it('accepts a new job that repeats the source and names it', async () => {
    const source = failed({ attempt: 3, failures: 3, version: 9 });
    const { jobs, publisher, retryJob } = aBench({ jobs: [source] });

    const { job, isReplay } = await retryJob(aRetryCommand(source.id));

    expect(isReplay).toBe(false);
    expect(job.id).not.toBe(source.id);
    expect(await jobs.get(job.id)).toMatchObject({
      status: 'queued',
      retryOf: source.id,
      input: source.input,
      policy: source.policy,
      metadata: { orderId: 'A-17' },
      attempt: 1,
      failures: 0,
      version: 1,
      isPublished: true,
    });
    expect(publisher.published.map(({ message }) => message.jobId)).toEqual([job.id]);
    expect(await jobs.get(source.id)).toEqual(source);
  });

  it('takes another seed and parts of another policy', async () => {
    const source = failed();
    const { retryJob } = aBench({ jobs: [source] });

    const body = { input: { seed: 0 }, policy: { priority: 'batch', maxAttempts: 1 } };
    const { job } = await retryJob(aRetryCommand(source.id, body));

    expect(job.input).toEqual({ ...source.input, seed: 0 });
    expect(job.policy).toEqual({ ...source.policy, priority: 'batch', maxAttempts: 1 });
  });

  it.each(['succeeded', 'failed', 'canceled', 'expired'] as const)('repeats a job that is %s', async (status) => {
    const source = failed({ status });
    const { retryJob } = aBench({ jobs: [source] });

    expect((await retryJob(aRetryCommand(source.id))).job.retryOf).toBe(source.id);
  });

  it('answers a repeated key with the same job, even when the source is gone', async () => {
    const source = failed();
    const { publisher, retryJob, jobs } = aBench({ jobs: [source] });
    const keyed = { idempotencyKey: 'key-1' };

    const first = await retryJob(aRetryCommand(source.id, undefined, keyed));
    await jobs.change(source.id, { guard: { status: ['failed'] }, set: { status: 'running' }, bumpsVersion: true });
    const second = await retryJob(aRetryCommand(source.id, {}, keyed));

    expect(second).toMatchObject({ isReplay: true, job: { id: first.job.id } });
    expect(publisher.published).toHaveLength(1);
  });

  it('refuses a key that was used with another body', async () => {
    const source = failed();
    const { retryJob } = aBench({ jobs: [source] });
    const { job } = await retryJob(aRetryCommand(source.id, undefined, { idempotencyKey: 'key-1' }));

    const other = aRetryCommand(source.id, { input: { seed: 5 } }, { idempotencyKey: 'key-1' });
    const problem = await problemOf(retryJob(other));

    expect(problem).toMatchObject({ code: 'idempotency-key-reused', details: { jobId: job.id } });
  });
});

describe('retryJob refuses', () => {
  it.each([aJobRecord(), aRunningJob(), { ...aRunningJob(), status: 'canceling' as const }])(
    'a job that is $status',
    async (source) => {
      const { retryJob } = aBench({ jobs: [source] });

      const problem = await problemOf(retryJob(aRetryCommand(source.id)));

      expect(problem).toMatchObject({ code: 'job-not-terminal', details: { jobId: source.id } });
    },
  );

  it('a job that is not there, or is another tenant’s', async () => {
    const source = failed();
    const { retryJob } = aBench({ jobs: [source] });

    const unknown = await problemOf(retryJob(aRetryCommand(anId('job'))));
    const foreign = await problemOf(retryJob(aRetryCommand(source.id, undefined, { tenantId: 'tenant-2' })));

    expect([unknown.code, foreign.code]).toEqual(['not-found', 'not-found']);
  });

  it('a model that no pool serves any more', async () => {
    const source = failed({ model: 'sdxl' });
    const { retryJob } = aBench({ jobs: [source] });

    expect((await problemOf(retryJob(aRetryCommand(source.id)))).code).toBe('model-not-available');
  });

  it('a seed for an input that has none', async () => {
    const source = failed({ task: 'upscale', input: { image: { url: 'https://example.com/a.png' }, scale: 2 } });
    const { retryJob } = aBench({ jobs: [source] });

    const problem = await problemOf(retryJob(aRetryCommand(source.id, { input: { seed: 5 } })));

    expect(problem.details.errors).toMatchObject([{ pointer: '#/input/seed', code: 'unsupported' }]);
  });
});
