import { createPreviews, type Previews } from './previews.ts';
import { quantise } from './raster/canvas.ts';
import { render } from './raster/render.ts';
import { composeScene } from './scene/compose-scene.ts';
import type { PaintOrder, PixelBlock } from './thread-messages.ts';

/** Time and interruption as the painter meets them. */
export interface PainterClock {
  nowMs(): number;
  /** Returns after the time, or at once when the painter is asked to stop. */
  pause(ms: number): void;
  isStopped(): boolean;
}

/** Longest side of the pictures that show the state between. */
const PREVIEW_SIDE = 256;

/**
 * Paints a picture step by step. The work is spread over the steps, and looks at the clock's `isStopped` every few
 * milliseconds. The result depends on the scene alone.
 *
 * @param onStep told of step 0 at the start and of each step that is done
 * @returns undefined when it was stopped
 */
export function paintPicture(
  { scene, steps, msPerStep, hasPreviews }: PaintOrder,
  clock: PainterClock,
  onStep: (step: number, preview: PixelBlock | undefined) => void,
): PixelBlock | undefined {
  const startMs = clock.nowMs();
  onStep(0, undefined);
  const layers = composeScene(scene);
  const previews = hasPreviews ? runOut(preparePreviews(scene, layers), clock) : undefined;
  if (hasPreviews && previews === undefined) return undefined;
  const work = paint(layers, scene.width, scene.height);
  let picture: PixelBlock | undefined;
  for (let step = 1; step <= steps; step += 1) {
    while (picture === undefined) {
      if (clock.isStopped()) return undefined;
      const next = work.next();
      if (next.done === true) picture = next.value;
      else if (next.value * steps >= step && step < steps) break;
    }
    clock.pause(startMs + step * msPerStep - clock.nowMs());
    if (clock.isStopped()) return undefined;
    onStep(step, previews?.at(step / steps));
  }
  return picture;
}

function* paint(layers: ReturnType<typeof composeScene>, width: number, height: number): Generator<number, PixelBlock> {
  const canvas = yield* render(layers, width, height);
  const data = new Uint8Array(width * height * 3);
  for (const _ of quantise(canvas, data)) yield 1;
  return { width, height, data };
}

function* preparePreviews(
  scene: PaintOrder['scene'],
  layers: ReturnType<typeof composeScene>,
): Generator<number, Previews> {
  const zoom = Math.min(1, PREVIEW_SIDE / Math.max(scene.width, scene.height));
  const width = Math.max(1, Math.round(scene.width * zoom));
  const height = Math.max(1, Math.round(scene.height * zoom));
  return createPreviews(yield* render(layers, width, height), scene.seed);
}

function runOut<T>(work: Generator<number, T>, clock: PainterClock): T | undefined {
  for (;;) {
    if (clock.isStopped()) return undefined;
    const next = work.next();
    if (next.done === true) return next.value;
  }
}
