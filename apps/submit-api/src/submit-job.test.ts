import { describe, expect, it } from 'vitest';
import { poolsSchema } from '@afterimage/app-config';
import { makeAnnounce, makeEnqueue, type ProblemError } from '@afterimage/job-core';
import { createJobSchema, jobRecordSchema } from '@afterimage/job-schemas';
import {
  aCreateJobBody,
  anId,
  FakeClock,
  InMemoryJobStore,
  RecordingEventPublisher,
  RecordingJobPublisher,
  silentLog,
} from '@afterimage/testing';
import { makeSubmitJob, type SubmitCommand } from './submit-job.ts';

const POOLS = poolsSchema.parse({
  pools: [
    {
      name: 'local',
      engine: 'sketch',
      models: [{ id: 'sketch-1', tasks: ['text-to-image'], limits: { maxWidth: 1024, maxImages: 4 } }],
    },
  ],
});

function aCommand(body: object = aCreateJobBody(), overrides: Partial<SubmitCommand> = {}): SubmitCommand {
  return {
    tenantId: 'tenant-1',
    path: '/v1/jobs',
    body,
    request: createJobSchema.parse(body),
    idempotencyKey: undefined,
    traceparent: null,
    ...overrides,
  };
}

function setUp(options: { allowLoopbackWebhooks?: boolean; publisherFails?: boolean } = {}) {
  const clock = new FakeClock();
  const jobs = new InMemoryJobStore();
  const publisher = new RecordingJobPublisher();
  const events = new RecordingEventPublisher();
  const enqueue = makeEnqueue({ jobs, publisher });
  const seeds = [11, 12, 13];
  const submitJob = makeSubmitJob({
    jobs,
    enqueue: options.publisherFails === true ? () => Promise.reject(new Error('SNS is away')) : enqueue,
    announce: makeAnnounce({ jobs, events, apiUrl: 'https://api.example.com', now: clock.now }),
    pools: POOLS,
    allowLoopbackWebhooks: options.allowLoopbackWebhooks ?? false,
    now: clock.now,
    newJobId: () => anId('job'),
    newSeed: () => seeds.shift() ?? 0,
    log: silentLog,
  });
  return { clock, jobs, publisher, events, submitJob };
}

async function problemOf(promise: Promise<unknown>): Promise<ProblemError> {
  return promise.then(
    () => expect.unreachable('the command was accepted'),
    (error: unknown) => error as ProblemError,
  );
}

describe('submitJob', () => {
  it('stores the job with its defaults and seed, publishes its claim check, and confirms that', async () => {
    const { jobs, publisher, submitJob } = setUp();

    const { job, isReplay } = await submitJob(aCommand());

    const stored = await jobs.get(job.id);
    expect(isReplay).toBe(false);
    expect(jobRecordSchema.parse(stored)).toMatchObject({
      status: 'queued',
      pool: 'local',
      isPublished: true,
      attempt: 1,
      input: { seed: 11, steps: 20, width: 512, images: 1, negativePrompt: '' },
    });
    expect(stored?.dueAt).toBe(stored?.startDeadlineAt);
    expect(publisher.published.map(({ message }) => message)).toEqual([
      { jobId: job.id, tenantId: 'tenant-1', pool: 'local', priority: 'interactive', attempt: 1 },
    ]);
  });

  it('keeps the seed of the client, zero too', async () => {
    const { submitJob } = setUp();

    const { job } = await submitJob(aCommand(aCreateJobBody({ input: { prompt: 'a', seed: 0 } })));

    expect(job.input).toMatchObject({ seed: 0 });
  });

  it('accepts a job that cannot be published now, and leaves it due', async () => {
    const { clock, jobs, submitJob } = setUp({ publisherFails: true });

    const { job } = await submitJob(aCommand());

    const stored = await jobs.get(job.id);
    expect(stored).toMatchObject({ status: 'queued', isPublished: false });
    clock.advance(15_000);
    expect(stored?.dueAt).toBe(clock.now().toISOString());
  });

  it('answers a repeated key with the same job, publishing nothing again', async () => {
    const { publisher, submitJob } = setUp();
    const command = aCommand(aCreateJobBody(), { idempotencyKey: 'key-1' });

    const first = await submitJob(command);
    const second = await submitJob(command);

    expect(second.isReplay).toBe(true);
    expect(second.job.id).toBe(first.job.id);
    expect(second.job.input).toEqual(first.job.input);
    expect(publisher.published).toHaveLength(1);
  });

  it('refuses a key that was used for another body, and names the first job', async () => {
    const { submitJob } = setUp();
    const { job } = await submitJob(aCommand(aCreateJobBody(), { idempotencyKey: 'key-1' }));

    const other = aCommand(aCreateJobBody({ metadata: { a: 'b' } }), { idempotencyKey: 'key-1' });
    const problem = await problemOf(submitJob(other));

    expect(problem.code).toBe('idempotency-key-reused');
    expect(problem.details.jobId).toBe(job.id);
  });

  it('keeps the keys of tenants apart', async () => {
    const { submitJob } = setUp();

    const mine = await submitJob(aCommand(aCreateJobBody(), { idempotencyKey: 'key-1' }));
    const theirs = await submitJob(aCommand(aCreateJobBody(), { idempotencyKey: 'key-1', tenantId: 'tenant-2' }));

    expect(theirs.isReplay).toBe(false);
    expect(theirs.job.id).not.toBe(mine.job.id);
  });

  it('does not use up a key with a request that it refuses', async () => {
    const { submitJob } = setUp();
    const wrong = aCommand(aCreateJobBody({ model: 'sdxl' }), { idempotencyKey: 'key-1' });

    await problemOf(submitJob(wrong));
    const { isReplay } = await submitJob(aCommand(aCreateJobBody(), { idempotencyKey: 'key-1' }));

    expect(isReplay).toBe(false);
  });

  it('announces job.queued when the webhook asks for it', async () => {
    const { events, submitJob } = setUp();
    const webhook = { url: 'https://example.com/hook', events: ['job.queued'] };

    await submitJob(aCommand(aCreateJobBody({ webhook })));
    await submitJob(aCommand(aCreateJobBody({ webhook: { url: 'https://example.com/hook' } })));

    expect(events.published.map(({ type }) => type)).toEqual(['job.queued']);
  });
});

describe('submitJob refuses', () => {
  it('a model that no pool serves, and names those that are', async () => {
    const { submitJob } = setUp();

    const problem = await problemOf(submitJob(aCommand(aCreateJobBody({ model: 'sdxl' }))));

    expect(problem.code).toBe('model-not-available');
    expect(problem.details.errors?.[0]).toMatchObject({ pointer: '#/model', limit: ['sketch-1'] });
  });

  it('what the model does not allow, all at once', async () => {
    const { submitJob } = setUp();
    const input = { prompt: 'a', width: 1032, images: 5 };

    const problem = await problemOf(submitJob(aCommand(aCreateJobBody({ input }))));

    expect(problem.code).toBe('validation-failed');
    expect(problem.details.errors?.map(({ pointer, limit }) => [pointer, limit])).toEqual([
      ['#/input/width', 1024],
      ['#/input/images', 4],
    ]);
  });

  it.each([
    ['http://example.com/hook', 'insecure_url'],
    ['http://127.0.0.1:9000/hook', 'insecure_url'],
    ['https://user:secret@example.com/hook', 'userinfo'],
  ])('the webhook %s', async (url, code) => {
    const { submitJob } = setUp();

    const problem = await problemOf(submitJob(aCommand(aCreateJobBody({ webhook: { url } }))));

    expect(problem.details.errors).toMatchObject([{ pointer: '#/webhook/url', code }]);
  });

  it.each(['http://127.0.0.1:9000/hook', 'http://localhost:9000/hook', 'http://[::1]:9000/hook'])(
    'the webhook %s, but not in a local stack',
    async (url) => {
      const { submitJob } = setUp({ allowLoopbackWebhooks: true });

      const { job } = await submitJob(aCommand(aCreateJobBody({ webhook: { url } })));

      expect(job.webhook?.url).toBe(url);
    },
  );
});
