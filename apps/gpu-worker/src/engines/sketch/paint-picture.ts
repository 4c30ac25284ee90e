import { type Canvas, createCanvas, quantise } from './raster/canvas.ts';
import { downscale } from './raster/downscale.ts';
import { render } from './raster/render.ts';
import { composeScene } from './scene/compose-scene.ts';
import type { PaintOrder, PixelBlock } from './thread-messages.ts';

/** Time and interruption as the painter meets them. */
export interface PainterClock {
  nowMs(): number;
  /** Returns after the time, or at once when the painter is asked to stop. */
  pause(ms: number): void;
  isStopped(): boolean;
  /** Whether a preview is wanted with the step that is done. Asking takes the wish away. */
  takesPreview(): boolean;
}

/** Longest side of the pictures that show the state between, which are whole parts of the picture's own. */
const PREVIEW_SIDE = 512;

/**
 * Paints a picture step by step. The work is spread over the steps, and looks at the clock's `isStopped` every few
 * milliseconds. The result depends on the scene alone.
 *
 * @param onStep told of step 0 at the start and of each step that is done
 * @returns undefined when it was stopped
 */
export function paintPicture(
  { scene, steps, msPerStep }: PaintOrder,
  clock: PainterClock,
  onStep: (step: number, preview: PixelBlock | undefined) => void,
): PixelBlock | undefined {
  const startMs = clock.nowMs();
  onStep(0, undefined);
  const layers = composeScene(scene);
  const canvas = createCanvas(scene.width, scene.height);
  const work = paint(layers, canvas);
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
    onStep(step, clock.takesPreview() ? previewOf(canvas) : undefined);
  }
  return picture;
}

function* paint(layers: ReturnType<typeof composeScene>, canvas: Canvas): Generator<number, PixelBlock> {
  return yield* toPixels(yield* render(layers, canvas));
}

function* toPixels(canvas: Canvas): Generator<number, PixelBlock> {
  const { width, height } = canvas;
  const data = new Uint8Array(width * height * 3);
  for (const _ of quantise(canvas, data)) yield 1;
  return { width, height, data };
}

/** The canvas as it is at this moment, with as much of the picture as is painted. */
function previewOf(canvas: Canvas): PixelBlock {
  const block = Math.ceil(Math.max(canvas.width, canvas.height) / PREVIEW_SIDE);
  const work = toPixels(block === 1 ? canvas : downscale(canvas, block));
  for (;;) {
    const next = work.next();
    if (next.done === true) return next.value;
  }
}
