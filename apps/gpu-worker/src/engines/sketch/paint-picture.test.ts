import { describe, expect, it } from 'vitest';
import { paintPicture, type PainterClock } from './paint-picture.ts';
import type { PaintOrder, PixelBlock } from './thread-messages.ts';

const scene = { prompt: 'a lighthouse at sunset', negativePrompt: '', width: 128, height: 96, seed: 5, guidance: 7 };
const order: PaintOrder = { scene, steps: 6, msPerStep: 0, hasPreviews: false };

/** A clock that moves only by pauses, and that can be told to stop after a number of questions. */
function fakeClock(
  stopAfter = Infinity,
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
    const other = paintPicture({ ...order, steps: 17, msPerStep: 40, hasPreviews: true }, fakeClock(), () => undefined);
    expect(other?.data).toEqual(plain?.data);
  });

  it('paces the steps by the start, so that delays do not add up', () => {
    const clock = fakeClock();
    const started = clock.nowMs();
    paintPicture({ ...order, msPerStep: 30 }, clock, () => undefined);
    expect(clock.nowMs() - started).toBe(6 * 30);
    expect(clock.pauses).toEqual([30, 30, 30, 30, 30, 30]);
  });

  it('shows previews that come closer to the picture', () => {
    const previews: PixelBlock[] = [];
    paintPicture(
      { ...order, scene: { ...scene, width: 512, height: 384 }, hasPreviews: true },
      fakeClock(),
      (_, preview) => {
        if (preview !== undefined) previews.push(preview);
      },
    );
    const last = previews.at(-1);
    expect(previews).toHaveLength(6);
    expect(last).toMatchObject({ width: 256, height: 192 });
    const distances = previews.map(({ data }) =>
      data.reduce((sum, value, at) => sum + Math.abs(value - (last?.data[at] ?? 0)), 0),
    );
    expect(distances).toEqual([...distances].sort((a, b) => b - a));
    expect(distances[0]).toBeGreaterThan(20 * 256 * 192);
  });

  it.each([0, 1, 5, 40])('stops within one slice of work when it is told to after %i questions', (stopAfter) => {
    const clock = fakeClock(stopAfter);
    expect(paintPicture({ ...order, hasPreviews: true }, clock, () => undefined)).toBeUndefined();
    expect(clock.questions()).toBe(stopAfter + 1);
  });

  it('looks often enough while it paints the largest picture', () => {
    const clock = fakeClock();
    paintPicture({ ...order, scene: { ...scene, width: 1024, height: 2048 }, steps: 1 }, clock, () => undefined);
    // Slices of about a millisecond or two: a few hundred in a second of work.
    expect(clock.questions()).toBeGreaterThan(300);
  });
});
