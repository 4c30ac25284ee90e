import { clamp01, lerp, type Rgb, saturate, toHsl } from '../raster/color.ts';
import { addFilter, inBands } from '../raster/layer.ts';
import { hashPixel } from '../raster/noise.ts';
import type { Stage } from '../scene/stage.ts';

/** Degrees over which the colour comes back beyond the hues that lose it. */
const FADE_DEGREES = 10;

/** Degrees to either side that still go by the name of the colour: greens reach far, oranges are close to reds. */
function reachOf(hue: number): number {
  return hue > 80 && hue < 180 ? 48 : hue >= 180 && hue < 260 ? 34 : 22;
}

/** The last pass: contrast and saturation by guidance, colours that the negative prompt forbids, vignette and grain. */
export function addGrade(stage: Stage, guidance: number): void {
  const { reading, width, height, air } = stage;
  const strength = Math.min(1.22, Math.max(0.86, 1 + (guidance - 7) * 0.014));
  const saturation = strength * (reading.styles.has('pastel') || reading.styles.has('noir') ? 1 : 1.06);
  const hues = reading.bannedColors.filter((color) => toHsl(color)[1] > 0.15).map((color) => toHsl(color)[0]);
  const isPlain =
    air.isFlat || reading.styles.has('pixel') || reading.styles.has('line') || reading.styles.has('watercolor');
  const vignette = isPlain ? 0 : reading.styles.has('noir') ? 0.5 : 0.24;
  const grainAmount = isPlain ? 0 : 0.014;
  addFilter(stage.layers, function* (canvas, unit) {
    const { data } = canvas;
    yield* inBands(canvas, (py) => {
      const dy = (py / unit / height - 0.5) * 2;
      for (let px = 0; px < canvas.width; px += 1) {
        const at = (py * canvas.width + px) * 3;
        const dx = (px / unit / width - 0.5) * 2;
        const edge = (dx * dx + dy * dy) * 0.5;
        const shade = 1 - vignette * edge * edge * 1.4;
        const speck = (hashPixel(px + 7, py + 13) - 0.5) * grainAmount;
        const grey = (data[at] ?? 0) * 0.299 + (data[at + 1] ?? 0) * 0.587 + (data[at + 2] ?? 0) * 0.114;
        for (let channel = 0; channel < 3; channel += 1) {
          const value = lerp(grey, data[at + channel] ?? 0, saturation);
          data[at + channel] = ((value - 0.5) * strength + 0.5) * shade + speck;
        }
        if (hues.length > 0) dropHues(data, at, hues);
      }
    });
  });
}

function dropHues(data: Float32Array, at: number, hues: readonly number[]): void {
  const color: Rgb = [clamp01(data[at] ?? 0), clamp01(data[at + 1] ?? 0), clamp01(data[at + 2] ?? 0)];
  const [hue, saturation] = toHsl(color);
  if (saturation < 0.08) return;
  for (const banned of hues) {
    const distance = Math.abs(((hue - banned + 540) % 360) - 180);
    const beyond = (distance - reachOf(banned)) / FADE_DEGREES;
    if (beyond > 1) continue;
    data.set(saturate(color, Math.max(0.06, beyond)), at);
    return;
  }
}
