import { describe, expect, it } from 'vitest';
import { paintPicture, type PainterClock } from './paint-picture.ts';
import type { PaintOrder, PixelBlock } from './thread-messages.ts';

const scene = { prompt: 'a lighthouse at sunset', negativePrompt: '', width: 128, height: 96, seed: 5, guidance: 7 };
const order: PaintOrder = { scene, steps: 6, msPerStep: 0 };

/** A clock that moves only by pauses, and that can be told to stop after a number of questions. */
function fakeClock(
  stopAfter = Infinity,
  { hasPreviews = false }: { readonly hasPreviews?: boolean } = {},
): PainterClock & { readonly pauses: number[]; readonly questions: () => number } {
  let nowMs = 1000;
  let asked = 0;
  const pauses: number[] = [];
  return {
    pauses,
    questions: () => asked,
    nowMs: () => nowMs,
    pause(ms) {
      pauses.push(ms);
      nowMs += Math.max(0, ms);
    },
    isStopped: () => (asked += 1) > stopAfter,
    takesPreview: () => hasPreviews,
  };
}

describe('paintPicture', () => {
  it('tells of every step in order', () => {
    const steps: number[] = [];
    const picture = paintPicture(order, fakeClock(), (step) => steps.push(step));
    expect(steps).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(picture).toMatchObject({ width: 128, height: 96 });
    expect(picture?.data).toHaveLength(128 * 96 * 3);
  });

  it('paints the same whatever the steps, their time and the previews', () => {
    const plain = paintPicture(order, fakeClock(), () => undefined);
    const clock = fakeClock(Infinity, { hasPreviews: true });
    const other = paintPicture({ ...order, steps: 17, msPerStep: 40 }, clock, () => undefined);
    expect(other?.data).toEqual(plain?.data);
  });

  it('paces the steps by the start, so that delays do not add up', () => {
    const clock = fakeClock();
    const started = clock.nowMs();
    paintPicture({ ...order, msPerStep: 30 }, clock, () => undefined);
    expect(clock.nowMs() - started).toBe(6 * 30);
    expect(clock.pauses).toEqual([30, 30, 30, 30, 30, 30]);
  });

  it('shows as much of the picture as is painted, in small', () => {
    const previews: PixelBlock[] = [];
    const large: PaintOrder = { ...order, scene: { ...scene, width: 1024, height: 768 } };
    const clock = fakeClock(Infinity, { hasPreviews: true });
    const picture = paintPicture(large, clock, (_, preview) => {
      if (preview !== undefined) previews.push(preview);
    });
    const last = previews.at(-1);
    expect(previews).toHaveLength(6);
    expect(last).toMatchObject({ width: 512, height: 384 });
    // The mean of four pixels, with half a level of noise in each.
    const corner = [0, 3, 1024 * 3, 1024 * 3 + 3].map((at) => picture?.data[at] ?? 0);
    const mean = corner.reduce((sum, value) => sum + value, 0) / 4;
    expect(Math.abs((last?.data[0] ?? 0) - mean)).toBeLessThanOrEqual(2);
    const distances = previews.map(({ data }) =>
      data.reduce((sum, value, at) => sum + Math.abs(value - (last?.data[at] ?? 0)), 0),
    );
    expect(distances[0]).toBeGreaterThan(5 * 512 * 384);
    expect(distances[3]).toBeLessThan(distances[0] ?? 0);
  });

  it('shows none that is not asked for', () => {
    const previews: unknown[] = [];
    paintPicture(order, fakeClock(), (_, preview) => previews.push(preview));
    expect(previews).toEqual(Array.from({ length: 7 }, () => undefined));
  });

  it.each([0, 1, 5, 40])('stops within one slice of work when it is told to after %i questions', (stopAfter) => {
    const clock = fakeClock(stopAfter, { hasPreviews: true });
    expect(paintPicture(order, clock, () => undefined)).toBeUndefined();
    expect(clock.questions()).toBe(stopAfter + 1);
  });

  it('looks often enough while it paints the largest picture', () => {
    const clock = fakeClock();
    paintPicture({ ...order, scene: { ...scene, width: 1024, height: 2048 }, steps: 1 }, clock, () => undefined);
    // Slices of about a millisecond or two: a few hundred in a second of work.
    expect(clock.questions()).toBeGreaterThan(300);
  });
});
