import { describe, expect, it } from 'vitest';
import type { ProblemCode } from './problem.ts';
import { PROBLEMS, problemSchema, toProblem } from './problem.ts';

const where = { instance: '/v1/jobs', requestId: 'request-1' };
const codes = Object.keys(PROBLEMS) as ProblemCode[];

describe('toProblem', () => {
  it('is a problem document', () => {
    const errors = [{ pointer: '#/input/width', code: 'multiple_of', detail: 'must be a multiple of 8', limit: 8 }];

    expect(toProblem('validation-failed', { detail: '1 field is invalid', errors }, where)).toStrictEqual({
      type: 'https://afterimage.dev/problems/validation-failed',
      title: 'Invalid request',
      status: 422,
      code: 'validation-failed',
      detail: '1 field is invalid',
      instance: '/v1/jobs',
      requestId: 'request-1',
      retryable: false,
      errors,
    });
  });

  it('names the job that is in question', () => {
    expect(toProblem('idempotency-key-reused', { detail: 'x', jobId: 'job_1' }, where).jobId).toBe('job_1');
  });

  it.each(codes)('fits the schema: %s', (code) => {
    const problem = toProblem(code, { detail: 'because' }, where);

    expect(problemSchema.strict().parse(problem)).toStrictEqual(problem);
    expect(problem.status).toBe(PROBLEMS[code].status);
  });

  it('says of exactly those that trying again can help', () => {
    const retryable = codes.filter((code) => toProblem(code, { detail: '' }, where).retryable);

    expect(retryable).toStrictEqual(['rate-limited', 'queue-full', 'internal', 'unavailable']);
  });
});
