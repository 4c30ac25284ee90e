import { describe, expect, it } from 'vitest';
import { erase } from '@afterimage/job-core';
import { jobRecordSchema } from '@afterimage/job-schemas';
import { aCreateJobBody, aJobRecord, anId } from '@afterimage/testing';
import { aBench, aCommand, problemOf } from '../test/bench.ts';

describe('submitJob', () => {
  it('stores the job with its defaults and seed, publishes its claim check, and confirms that', async () => {
    const { jobs, publisher, submitJob } = aBench();

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
    const { submitJob } = aBench();

    const { job } = await submitJob(aCommand(aCreateJobBody({ input: { prompt: 'a', seed: 0 } })));

    expect(job.input).toMatchObject({ seed: 0 });
  });

  it('accepts a job that cannot be published now, and leaves it due', async () => {
    const { clock, jobs, submitJob } = aBench({ publisherFails: true });

    const { job } = await submitJob(aCommand());

    const stored = await jobs.get(job.id);
    expect(stored).toMatchObject({ status: 'queued', isPublished: false });
    clock.advance(15_000);
    expect(stored?.dueAt).toBe(clock.now().toISOString());
  });

  it('answers a repeated key with the same job, publishing nothing again', async () => {
    const { publisher, submitJob } = aBench();
    const command = aCommand(aCreateJobBody(), { idempotencyKey: 'key-1' });

    const first = await submitJob(command);
    const second = await submitJob(command);

    expect(second.isReplay).toBe(true);
    expect(second.job.id).toBe(first.job.id);
    expect(second.job.input).toEqual(first.job.input);
    expect(publisher.published).toHaveLength(1);
  });

  it('refuses a key that was used for another body, and names the first job', async () => {
    const { submitJob } = aBench();
    const { job } = await submitJob(aCommand(aCreateJobBody(), { idempotencyKey: 'key-1' }));

    const other = aCommand(aCreateJobBody({ metadata: { a: 'b' } }), { idempotencyKey: 'key-1' });
    const problem = await problemOf(submitJob(other));

    expect(problem.code).toBe('idempotency-key-reused');
    expect(problem.details.jobId).toBe(job.id);
  });

  it('makes no second job of a key whose job was erased', async () => {
    const { clock, jobs, submitJob } = aBench();
    const command = aCommand(aCreateJobBody(), { idempotencyKey: 'key-1' });
    const { job } = await submitJob(command);
    await jobs.change(job.id, { guard: { status: ['queued'] }, set: { status: 'failed' }, bumpsVersion: false });
    await jobs.change(job.id, erase(job, clock.now()));

    const problem = await problemOf(submitJob(command));

    expect(problem).toMatchObject({ code: 'output-expired', details: { jobId: job.id } });
  });

  it('keeps the keys of tenants apart', async () => {
    const { submitJob } = aBench();

    const mine = await submitJob(aCommand(aCreateJobBody(), { idempotencyKey: 'key-1' }));
    const theirs = await submitJob(aCommand(aCreateJobBody(), { idempotencyKey: 'key-1', tenantId: 'tenant-2' }));

    expect(theirs.isReplay).toBe(false);
    expect(theirs.job.id).not.toBe(mine.job.id);
  });

  it('does not use up a key with a request that it refuses', async () => {
    const { submitJob } = aBench();
    const wrong = aCommand(aCreateJobBody({ model: 'sdxl' }), { idempotencyKey: 'key-1' });

    await problemOf(submitJob(wrong));
    const { isReplay } = await submitJob(aCommand(aCreateJobBody(), { idempotencyKey: 'key-1' }));

    expect(isReplay).toBe(false);
  });

  it('answers a repeated key with the same job, although the output that it refers to has expired', async () => {
    const { clock, jobs, submitJob } = aBench();
    const output = { index: 0, key: 'k', contentType: 'image/png', width: 64, height: 64, bytes: 1, sha256: '' };
    const source = aJobRecord({
      status: 'succeeded',
      dueAt: null,
      outputs: [{ ...output, seed: 1, thumbnailKey: null }],
    });
    await jobs.create(source);
    const input = { image: { jobOutput: `${source.id}/0` } };
    const command = aCommand({ model: 'painter', task: 'upscale', input }, { idempotencyKey: 'key-1' });

    const first = await submitJob(command);
    clock.advance(8 * 86_400_000);
    const second = await submitJob(command);

    expect(second).toMatchObject({ isReplay: true, job: { id: first.job.id } });
    expect((await problemOf(submitJob({ ...command, idempotencyKey: 'key-2' }))).details.errors).toMatchObject([
      { pointer: '#/input/image/jobOutput', code: 'expired' },
    ]);
  });

  it('announces job.queued when the webhook asks for it', async () => {
    const { events, submitJob } = aBench();
    const webhook = { url: 'https://example.com/hook', events: ['job.queued'] };

    await submitJob(aCommand(aCreateJobBody({ webhook })));
    await submitJob(aCommand(aCreateJobBody({ webhook: { url: 'https://example.com/hook' } })));

    expect(events.published.map(({ type }) => type)).toEqual(['job.queued']);
  });
});

describe('submitJob refuses', () => {
  it('a model that no pool serves, and names those that are', async () => {
    const { submitJob } = aBench();

    const problem = await problemOf(submitJob(aCommand(aCreateJobBody({ model: 'sdxl' }))));

    expect(problem.code).toBe('model-not-available');
    expect(problem.details.errors?.[0]).toMatchObject({ pointer: '#/model', limit: ['sketch-1', 'painter'] });
  });

  it('what the model does not allow, all at once', async () => {
    const { submitJob } = aBench();
    const input = { prompt: 'a', width: 1032, images: 5 };

    const problem = await problemOf(submitJob(aCommand(aCreateJobBody({ input }))));

    expect(problem.code).toBe('validation-failed');
    expect(problem.details.errors?.map(({ pointer, limit }) => [pointer, limit])).toEqual([
      ['#/input/width', 1024],
      ['#/input/images', 4],
    ]);
  });

  it.each([
    [{ width: 512 }, '#/input/height', 'is required together with width'],
    [{ height: 512 }, '#/input/width', 'is required together with height'],
  ])('one side of a size without the other: %j', async (size, pointer, detail) => {
    const { submitJob } = aBench();
    const aRequest = (sides: object) => {
      const input = { prompt: 'a', image: { uploadId: anId('upl') }, ...sides };
      return submitJob(aCommand({ model: 'painter', task: 'image-to-image', input }));
    };

    const problem = await problemOf(aRequest(size));

    expect(problem.details.errors).toEqual([{ pointer, code: 'required', detail }]);
    await expect(aRequest({})).resolves.toMatchObject({ isReplay: false });
    await expect(aRequest({ width: 512, height: 768 })).resolves.toMatchObject({ isReplay: false });
  });

  const PUBLIC = 'must be an https URL of a public host:';
  it.each([
    ['http://example.com/secret', 'insecure_url', 'must be https, got "http://example.com/…"'],
    ['http://127.0.0.1:9000/', 'insecure_url', 'must be https, got "http://127.0.0.1:9000"'],
    [
      'https://user:secret@example.com/hook',
      'userinfo',
      'must not contain a user name or password, got "https://…@example.com/…"',
    ],
    [
      'https://169.254.169.254/latest/meta-data/',
      'forbidden_url',
      `${PUBLIC} the host has an address that may not be called, got "https://169.254.169.254/…"`,
    ],
    [
      'https://[::ffff:a00:1]/',
      'forbidden_url',
      `${PUBLIC} the host has an address that may not be called, got "https://[::ffff:a00:1]"`,
    ],
    [
      'https://metadata.google.internal/',
      'forbidden_url',
      `${PUBLIC} the host is not a public name, got "https://metadata.google.internal"`,
    ],
  ])('the webhook %s', async (url, code, detail) => {
    const { submitJob } = aBench();

    const problem = await problemOf(submitJob(aCommand(aCreateJobBody({ webhook: { url } }))));

    expect(problem.details.errors).toMatchObject([{ pointer: '#/webhook/url', code, detail }]);
  });

  it.each(['http://127.0.0.1:9000/hook', 'http://localhost:9000/hook', 'http://[::1]:9000/hook'])(
    'the webhook %s, but not in a local stack',
    async (url) => {
      const { submitJob } = aBench({ allowLoopbackWebhooks: true });

      const { job } = await submitJob(aCommand(aCreateJobBody({ webhook: { url } })));

      expect(job.webhook?.url).toBe(url);
    },
  );
});
