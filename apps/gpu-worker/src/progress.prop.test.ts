import { progressSchema } from '@afterimage/job-schemas';
import { aTextToImageInput } from '@afterimage/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProgressTracker } from './progress.ts';

function aTracker() {
  let nowMs = 1000;
  const tracker = new ProgressTracker({ monotonicMs: () => nowMs });
  return { tracker, pass: (ms: number) => (nowMs += ms) };
}

const runs = fc.record({
  images: fc.integer({ min: 1, max: 8 }),
  steps: fc.integer({ min: 1, max: 150 }),
  stepMs: fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 1, maxLength: 20 }),
});

describe('progress', () => {
  it('has none before the first step, and no estimate before there is a rate', () => {
    const { tracker } = aTracker();
    expect(tracker.current).toBeNull();

    tracker.record({ phase: 'inferring', image: 1, images: 2, step: 0, steps: 10 });

    expect(tracker.current).toMatchObject({ fraction: 0, etaSeconds: null, previewUrl: null });
  });

  it('estimates the time that is left from the rate so far', () => {
    const { tracker, pass } = aTracker();
    tracker.record({ phase: 'inferring', image: 1, images: 2, step: 0, steps: 10 });
    pass(1250);
    tracker.record({ phase: 'inferring', image: 1, images: 2, step: 5, steps: 10 });

    expect(tracker.current).toMatchObject({ fraction: 0.25, step: 5, image: 1, etaSeconds: 3.8 });
  });

  it('measures how long the model was loaded, and shows no steps meanwhile', () => {
    const { tracker, pass } = aTracker();
    tracker.record({ phase: 'loading_model', image: 1, images: 1, step: 0, steps: 10 });
    pass(2500);
    tracker.record({ phase: 'loading_model', image: 1, images: 1, step: 0, steps: 10 });
    expect(tracker.current).toBeNull();
    pass(1500);
    tracker.record({ phase: 'inferring', image: 1, images: 1, step: 0, steps: 10 });

    expect(tracker.modelLoadMs).toBe(4000);
  });

  it('always fits the contract, never goes back and ends at 1', () => {
    fc.assert(
      fc.property(runs, ({ images, steps, stepMs }) => {
        const { tracker, pass } = aTracker();
        let last = 0;
        for (let image = 1; image <= images; image++) {
          for (let step = 0; step <= steps; step++) {
            pass(stepMs[step % stepMs.length] ?? 0);
            tracker.record({ phase: 'inferring', image, images, step, steps });
            const progress = progressSchema.parse(tracker.current);
            expect(progress.fraction).toBeGreaterThanOrEqual(last);
            last = progress.fraction;
          }
        }
        expect(tracker.current).toMatchObject({ fraction: 1 });
        expect(tracker.finish(aTextToImageInput({ steps }), images)).toMatchObject({ fraction: 1, etaSeconds: 0 });
      }),
      { numRuns: 30 },
    );
  });
});
