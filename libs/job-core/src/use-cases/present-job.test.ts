import { type JobRecord, jobSchema } from '@afterimage/job-schemas';
import { describe, expect, it } from 'vitest';
import { claimAt, done, lost, running, success, timings } from '../../test/lifecycle-steps.ts';
import { at, CREATED, OUTPUT, queuedJob } from '../../test/queued-job.ts';
import { endAttempt } from '../lifecycle.ts';
import { presentJob, traceIdOf } from './present-job.ts';

const options = { apiUrl: 'https://api.example.com', now: at(60) };
const self = 'https://api.example.com/v1/jobs/job_0123456789ABCDEFGHJKMNPQRS';
const succeeded = () => queuedJob({ status: 'succeeded', outputs: [OUTPUT] });

describe('presentJob', () => {
  it('is the job object of the API, and nothing else', () => {
    const job = presentJob(queuedJob(), options);

    expect(jobSchema.strict().parse(job)).toStrictEqual(job);
  });

  it('tells nothing of lease, token, tenant or storage', () => {
    const job = queuedJob({
      status: 'running',
      tenantId: 'secret-tenant',
      token: 'secret-token',
      leaseOwner: 'secret-worker',
      fingerprint: 'secret-fingerprint',
      outputs: [{ ...OUTPUT, key: 'secret-key' }],
    });

    expect(JSON.stringify(presentJob(job, options))).not.toContain('secret');
  });

  it('has null where there is no value', () => {
    expect(presentJob(queuedJob(), options)).toMatchObject({
      phase: null,
      progress: null,
      error: null,
      startedAt: null,
      finishedAt: null,
      cancelRequestedAt: null,
      batchId: null,
      retryOf: null,
      traceId: null,
      queue: { ahead: null, estimatedStartSeconds: null },
    });
  });

  it('tells how long a job waited for its first start, as soon as it has one', () => {
    const queuedMsOf = (job: JobRecord) => presentJob(job, options).timings.queuedMs;
    const waited = queuedMsOf(running());
    const again = done(done(running(), endAttempt(running(), lost)), claimAt(50, { attempt: 2 }));

    expect(waited).toBe(at(1).getTime() - CREATED.getTime());
    expect(queuedMsOf(again)).toBe(waited);
    expect(queuedMsOf(done(running(), success))).toBe(timings.queuedMs);
    expect(queuedMsOf(queuedJob())).toBeNull();
  });

  it.each(['queued', 'running', 'canceling'] as const)('links a job that is %s to its cancellation', (status) => {
    const { links } = presentJob(queuedJob({ status }), options);

    expect(links).toStrictEqual({ self, cancel: `${self}/cancel`, events: `${self}/events`, retry: null });
  });

  it.each(['succeeded', 'failed', 'canceled', 'expired'] as const)('links a job that %s to its retry', (status) => {
    const { links } = presentJob(queuedJob({ status }), options);

    expect(links).toStrictEqual({ self, cancel: null, events: `${self}/events`, retry: `${self}/retry` });
  });

  it('shows the signed URL of an output', () => {
    const signed = { url: 'https://s3.example.com/signed', expiresAt: at(3600).toISOString() };

    const { outputs } = presentJob(succeeded(), { ...options, signedUrls: new Map([[OUTPUT.key, signed]]) });

    const { key: _key, thumbnailKey: _thumbnailKey, ...file } = OUTPUT;
    expect(outputs).toStrictEqual([
      {
        ...file,
        state: 'available',
        contentUrl: `${self}/outputs/0/content`,
        url: signed.url,
        urlExpiresAt: signed.expiresAt,
        thumbnailUrl: null,
      },
    ]);
  });

  describe('with a preview', () => {
    const told = { fraction: 0.5, step: 10, steps: 20, image: 1, images: 1, etaSeconds: 4, previewUrl: null };
    const progress = { ...told, previewKey: 'previews/secret/1.webp' };
    const signed = { url: 'https://s3.example.com/preview', expiresAt: at(3600).toISOString() };
    const signedUrls = new Map([[progress.previewKey, signed]]);

    it('shows its signed URL while the job runs, and its key to nobody', () => {
      const job = presentJob(queuedJob({ status: 'running', progress }), { ...options, signedUrls });

      expect(job.progress).toStrictEqual({ ...told, previewUrl: signed.url });
      expect(presentJob(queuedJob({ status: 'running', progress }), options).progress).toStrictEqual(told);
    });

    it('shows none once the job has ended', () => {
      const job = presentJob(queuedJob({ status: 'failed', progress }), { ...options, signedUrls });

      expect(job.progress).toStrictEqual(told);
    });
  });

  it('shows no URL where none was signed', () => {
    expect(presentJob(succeeded(), options).outputs[0]).toMatchObject({ state: 'available', url: null });
  });

  it('shows no signed URL once the files have expired', () => {
    const signed = { url: 'https://s3.example.com/signed', expiresAt: at(3600).toISOString() };
    const job = succeeded();

    const { outputs } = presentJob(job, {
      ...options,
      now: new Date(job.expiresAt),
      signedUrls: new Map([[OUTPUT.key, signed]]),
    });

    expect(outputs[0]).toMatchObject({ state: 'expired', url: null, urlExpiresAt: null });
  });
});

describe('traceIdOf', () => {
  it.each([
    ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', '1-0af76519-16cd43dd8448eb211c80319c'],
    ['00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01', null],
    ['ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', null],
    ['nonsense', null],
    ['', null],
    [null, null],
  ])('of %s is %s', (traceparent, traceId) => {
    expect(traceIdOf(traceparent)).toBe(traceId);
  });
});
