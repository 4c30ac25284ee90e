import { describe, expect, it } from 'vitest';
import { queuedJob } from '../../test/queued-job.ts';
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
    expect(retryAfterSeconds(queuedJob({ status: 'running', progress: progress(etaSeconds) }))).toBe(expected);
  });

  it('is short for a queued job, and none for one that has ended', () => {
    expect(retryAfterSeconds(queuedJob())).toBe(2);
    expect(retryAfterSeconds(queuedJob({ status: 'failed' }))).toBeUndefined();
  });
});
