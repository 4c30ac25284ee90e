import { describe, expect, it } from 'vitest';
import { logLineSchema } from './log-line.ts';

const LINE = { level: 'INFO', timestamp: '2026-11-22T10:00:00.000Z', service: 'gpu-worker', message: 'job claimed' };
const JOB = {
  jobId: 'job_01K',
  attempt: 1,
  tenantId: 'local',
  traceId: '1-5759e988-bd862e3fe1be46a994272793',
};

const problemsOf = (line: object) =>
  logLineSchema.safeParse({ ...LINE, ...line }).error?.issues.map(({ message }) => message) ?? [];

describe('logLineSchema', () => {
  it.each([
    ['about nothing', {}],
    ['about a job', JOB],
    ['about a job without a trace', { ...JOB, traceId: undefined }],
  ])('takes a line %s', (_name, line) => {
    expect(problemsOf(line)).toEqual([]);
  });

  it.each([
    ['half a job', { jobId: 'job_1', attempt: 1 }, 'a line about a job must have tenantId'],
    ['a prompt', { request: { prompt: 'a fox' } }, 'the field request.prompt must not be logged'],
    ['a key', { message: `got ai_abcdefgh1234_${'x'.repeat(40)}` }, 'the line holds an API key'],
    ['a signed URL', { url: 'https://b/o?X-Amz-Signature=1' }, 'the line holds a signed URL'],
    ['a secret', { error: `whsec_${'A'.repeat(32)}` }, 'the line holds a webhook secret'],
    ['a bearer token', { header: `Bearer ${'a'.repeat(24)}` }, 'the line holds a bearer token'],
  ])('refuses %s', (_name, line, message) => {
    expect(problemsOf(line)).toContain(message);
  });
});
