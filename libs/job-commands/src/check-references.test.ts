import type { ProblemError } from '@afterimage/job-core';
import { createJobSchema, type FieldError, type JobRecord } from '@afterimage/job-schemas';
import { aJobRecord, anId, FakeClock, InMemoryJobStore } from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import { makeCheckReferences } from './check-references.ts';

const OUTPUT = { key: 'k', width: 64, height: 64, bytes: 1, sha256: '', seed: 1, thumbnailKey: null };
const outputOf = (contentType: string, facts: object = {}) => [{ index: 0, contentType, ...OUTPUT, ...facts }];
const uploadId = anId('upl');

function aSource(overrides: Partial<JobRecord> = {}): JobRecord {
  return aJobRecord({ status: 'succeeded', dueAt: null, outputs: outputOf('image/png'), ...overrides });
}

/** The errors of a request with these images of a workflow. */
async function errorsOf(jobs: readonly JobRecord[], images: object): Promise<readonly FieldError[]> {
  const checkReferences = makeCheckReferences({ jobs: new InMemoryJobStore(jobs), now: new FakeClock().now });
  const request = createJobSchema.parse({ model: 'm', task: 'workflow', input: { workflow: {}, images } });
  return checkReferences(request, 'tenant-1').then(
    () => [],
    (error: ProblemError) => error.details.errors ?? [],
  );
}

describe('checkReferences', () => {
  it.each(['image/png', 'image/jpeg', 'image/webp'])('takes an output of %s', async (contentType) => {
    const source = aSource({ outputs: outputOf(contentType) });

    expect(await errorsOf([source], { a: { jobOutput: `${source.id}/0` } })).toEqual([]);
  });

  it('leaves uploads and URLs to the worker', async () => {
    expect(await errorsOf([], { a: { uploadId }, b: { url: 'https://example.com/a.png' } })).toEqual([]);
  });

  it.each<[string, Partial<JobRecord>, string]>([
    ['of another tenant', { tenantId: 'tenant-2' }, 'not_found'],
    ['of a job that still runs', { status: 'running' }, 'not_succeeded'],
    ['of a job that failed', { status: 'failed', outputs: [] }, 'not_succeeded'],
    ['that the job has not', { outputs: [] }, 'not_found'],
    ['that expires now', { expiresAt: new FakeClock().now().toISOString() }, 'expired'],
    ['that engines cannot read', { outputs: outputOf('image/avif') }, 'unsupported_type'],
    ['that is too wide', { outputs: outputOf('image/png', { width: 2049 }) }, 'unsupported_size'],
    ['that is too low', { outputs: outputOf('image/png', { height: 63 }) }, 'unsupported_size'],
    ['of too many bytes', { outputs: outputOf('image/png', { bytes: 20 * 1024 * 1024 + 1 }) }, 'too_big'],
  ])('refuses an output %s', async (_, overrides, code) => {
    const source = aSource(overrides);

    expect(await errorsOf([source], { a: { jobOutput: `${source.id}/0` } })).toMatchObject([
      { pointer: '#/input/images/a/jobOutput', code },
    ]);
  });

  it('says the same of another tenant and of nobody, and names every wrong reference', async () => {
    const [theirs, nobody] = [aSource({ tenantId: 'tenant-2' }), anId('job')];

    const errors = await errorsOf([theirs], {
      a: { jobOutput: `${theirs.id}/0` },
      b: { uploadId },
      c: { jobOutput: `${nobody}/0` },
    });

    expect(errors.map(({ pointer, detail }) => [pointer, detail.replace(/job_\w+/, 'it')])).toEqual([
      ['#/input/images/a/jobOutput', 'must be an output of one of your jobs, there is no it'],
      ['#/input/images/c/jobOutput', 'must be an output of one of your jobs, there is no it'],
    ]);
  });
});
