import { describe, expect, it } from 'vitest';
import { jobListQuerySchema } from './list-jobs.ts';

describe('the times of a list query', () => {
  it.each([
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z'],
    ['2026-01-01T00:00:00.5+02:00', '2025-12-31T22:00:00.500Z'],
    ['9999-12-31T23:59:59-23:59', '9999-12-31T23:59:59.999Z'],
    ['0000-01-01T00:00:00+23:59', '0000-01-01T00:00:00.000Z'],
  ])('%s is %s', (given, expected) => {
    expect(jobListQuerySchema.parse({ createdAfter: given }).createdAfter).toBe(expected);
  });

  it.each(['2026-01-01', '2026-02-30T00:00:00Z', 'yesterday', ''])('"%s" is none', (given) => {
    const { error } = jobListQuerySchema.safeParse({ createdBefore: given });
    expect(error?.issues).toMatchObject([{ message: 'must be a time like 2026-01-31T12:00:00Z' }]);
  });
});

it('a list query has a limit, and nothing unknown', () => {
  expect(jobListQuerySchema.parse({})).toStrictEqual({ limit: 20 });
  expect(jobListQuerySchema.safeParse({ since: '1' }).success).toBe(false);
});
