import { inBands, addFilter } from '../raster/layer.ts';
import { lerp, mix, multiply, type Rgb, rgb } from '../raster/color.ts';
import { fbm, grain } from '../raster/noise.ts';
import { readPixel } from '../raster/canvas.ts';
import type { Stage } from './stage.ts';

interface WaterOptions {
  /** Waves, 0 a mirror to 1 a rough sea. */
  readonly roughness: number;
  readonly color: Rgb | undefined;
  /** Where there is water; the default is everywhere below the horizon. */
  readonly inside?: (x: number, y: number) => boolean;
}

/** A sheet of water that mirrors what has been painted above the horizon, with waves and the glitter of the light. */
export function paintWater(stage: Stage, options: WaterOptions): void {
  const { layers, horizon, air, rng, width, height } = stage;
  const random = rng.fork('water');
  const [u0, v0] = [random.next(), random.next()];
  const deep = multiply(options.color ?? rgb('1f5f7a'), mix(air.ambient, [0.85, 0.9, 1], 0.15));
  const lightX = air.lightX * width;
  const glitterPower = stage.allows('sun') && air.cloudCover < 0.75 ? 1 : 0.25;
  const { inside } = options;
  addFilter(layers, function* (canvas, unit) {
    const pixel = new Float32Array(4);
    yield* inBands(canvas, (py) => {
      const y = (py + 0.5) / unit;
      if (y < horizon) return;
      const near = (y - horizon) / (height - horizon);
      const view = 1 / (0.05 + (y - horizon));
      for (let px = 0; px < canvas.width; px += 1) {
        const x = (px + 0.5) / unit;
        if (inside !== undefined && !inside(x, y)) continue;
        const ripple = fbm(x * 0.16 * view + u0, view * 1.35 + v0) - 0.5;
        const chop = grain(x * 0.05 * view + v0, view * 0.9 + u0) - 0.5;
        const wave = ripple * 0.7 + chop * 0.5;
        const shift = wave * (0.02 + 0.09 * options.roughness) * (0.3 + near);
        readPixel(canvas, (x + shift * 0.6) * unit, (2 * horizon - y + shift * 1.4 - 0.004) * unit, pixel);
        const mirror = lerp(0.86, 0.34, near) * (1 - options.roughness * 0.45);
        const crest = Math.max(0, wave * 2.2) * options.roughness;
        const column = Math.exp(-(((x - lightX) / (0.07 + near * 0.2)) ** 2));
        const sparkle = Math.max(0, wave * 3.4 - 0.35 + column * 0.5) * column * glitterPower;
        const at = (py * canvas.width + px) * 3;
        for (let channel = 0; channel < 3; channel += 1) {
          const body = (deep[channel] ?? 0) * (1.05 - near * 0.3 + wave * 0.9);
          const surface = lerp(body, pixel[channel] ?? 0, mirror);
          const foam = lerp(surface, air.sky[3][channel] ?? 0, Math.min(0.5, crest * 0.6));
          canvas.data[at + channel] = lerp(foam, air.light[channel] ?? 0, Math.min(0.85, sparkle));
        }
      }
    });
  });
}
