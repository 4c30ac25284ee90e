import { describe, expect, it } from 'vitest';
import { at, queuedJob } from '../../test/queued-job.ts';
import { retryAfterSeconds } from './retry-after.ts';

const progress = (etaSeconds: number | null) => ({
  fraction: 0,
  step: 0,
  steps: 1,
  image: 1,
  images: 1,
  etaSeconds,
  previewUrl: null,
});

describe('retryAfterSeconds', () => {
  it.each([
    [null, 1],
    [0, 1],
    [3.2, 4],
    [600, 10],
  ])('of a running job that is ready in %s s is %i', (etaSeconds, expected) => {
    expect(retryAfterSeconds(queuedJob({ status: 'running', progress: progress(etaSeconds) }), at(9))).toBe(expected);
  });

  it.each([
    [0, 2],
    [20, 2],
    [95, 10],
    [300, 30],
    [7200, 30],
    // A clock that is behind the one of who created it.
    [-5, 2],
  ])('of a job that has waited for %s s is %i', (waitedSeconds, expected) => {
    expect(retryAfterSeconds(queuedJob(), at(waitedSeconds))).toBe(expected);
  });

  it('is short while a job is being canceled, and none when it has ended', () => {
    expect(retryAfterSeconds(queuedJob({ status: 'canceling', progress: progress(600) }), at(60))).toBe(2);
    expect(retryAfterSeconds(queuedJob({ status: 'failed' }), at(60))).toBeUndefined();
  });
});
