import { aCreateJob, aJobRecord, aTextToImageInput } from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import { estimate } from './estimate.ts';

const { input } = aCreateJob({ input: { prompt: 'a', width: 512, height: 512, steps: 20, images: 2 } });

const aSucceeded = (queuedMs: number | null, inferenceMs: number | null, size = {}) =>
  aJobRecord({
    status: 'succeeded',
    input: aTextToImageInput({ width: 512, height: 512, steps: 20, images: 1, ...size }),
    timings: { queuedMs, modelLoadMs: 60_000, inferenceMs, uploadMs: 100 },
  });

describe('estimate', () => {
  it('knows nothing without earlier jobs, or of jobs without times', () => {
    expect(estimate(input, [])).toEqual({ startSeconds: null, runSeconds: null });
    expect(estimate(input, [aSucceeded(null, null)])).toEqual({ startSeconds: null, runSeconds: null });
  });

  it('scales the time of inference by pixels, steps and images', () => {
    expect(estimate(input, [aSucceeded(2500, 4000)])).toEqual({ startSeconds: 3, runSeconds: 9 });
    expect(estimate(input, [aSucceeded(0, 4000, { width: 1024, steps: 40, images: 4 })]).runSeconds).toBe(1);
  });

  it('takes the middle of several jobs, so that one that waited for a model does not count', () => {
    const jobs = [aSucceeded(900_000, 500_000), aSucceeded(1000, 2000), aSucceeded(2000, 2000)];

    expect(estimate(input, jobs)).toEqual({ startSeconds: 2, runSeconds: 5 });
  });

  it('takes the time of tasks without a size as it was', () => {
    const upscale = { image: { url: 'https://example.com/a.png' }, scale: 2 };
    const job = { ...aSucceeded(0, 3000), task: 'upscale', input: upscale } as const;

    expect(estimate(upscale, [job]).runSeconds).toBe(4);
  });
});
