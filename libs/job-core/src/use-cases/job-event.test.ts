import { jobEventSchema, jobStatusSchema } from '@afterimage/job-schemas';
import { describe, expect, it } from 'vitest';
import { at, queuedJob } from '../../test/queued-job.ts';
import { jobEvent } from './job-event.ts';

const options = { apiUrl: 'https://api.example.com', now: at(60) };

describe('jobEvent', () => {
  it.each([
    ['queued', 'job.queued'],
    ['running', 'job.started'],
    ['canceling', undefined],
    ['succeeded', 'job.succeeded'],
    ['failed', 'job.failed'],
    ['canceled', 'job.canceled'],
    ['expired', 'job.expired'],
  ] as const)('of a job that is %s is %s', (status, type) => {
    expect(jobEvent(queuedJob({ status }), options)?.type).toBe(type);
  });

  it('has the attributes of CloudEvents 1.0, by names that every transport can carry', () => {
    const event = jobEvent(queuedJob({ traceparent: '00-a-b-01' }), options);

    expect(event).toMatchObject({ specversion: '1.0', datacontenttype: 'application/json', traceparent: '00-a-b-01' });
    for (const name of Object.keys(event ?? {})) expect(name).toMatch(/^[a-z0-9]{1,20}$/);
    for (const name of ['id', 'source', 'type', 'subject'] as const) expect(event?.[name]).not.toBe('');
    expect(URL.canParse(event?.source ?? '')).toBe(true);
    expect(Object.values(event ?? {}).filter((value) => value === null)).toEqual([]);
  });

  it('is a CloudEvent of the job without its input', () => {
    const event = jobEvent(queuedJob({ input: { ...queuedJob().input, prompt: 'a private prompt' } }), options);

    expect(jobEventSchema.parse(event)).toStrictEqual(event);
    expect(event).toMatchObject({
      source: 'https://api.example.com/v1/jobs',
      subject: queuedJob().id,
      time: at(60).toISOString(),
      tenantid: 'tenant-1',
    });
    expect(JSON.stringify(event)).not.toContain('private prompt');
  });

  it('tells nothing of the timeline, however long it is', () => {
    const timeline = Array.from({ length: 300 }, () => ({ at: at(1).toISOString(), phase: 'inferring' }) as const);

    expect(jobEvent(queuedJob({ timeline }), options)).toStrictEqual(jobEvent(queuedJob({ timeline: [] }), options));
  });

  it('has the trace of the job, where there is one', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

    expect(jobEvent(queuedJob({ traceparent }), options)).toMatchObject({ traceparent });
    expect(jobEvent(queuedJob(), options)).not.toHaveProperty('traceparent');
  });

  it('has the same id on every publication of the same state, and another one in every other state', () => {
    const idOf = (version: number, now: Date) => jobEvent(queuedJob({ version }), { ...options, now })?.id;

    expect(idOf(3, at(1))).toBe(idOf(3, at(99)));
    expect(new Set(jobStatusSchema.options.map((_, version) => idOf(version, at(1)))).size).toBe(
      jobStatusSchema.options.length,
    );
  });
});
