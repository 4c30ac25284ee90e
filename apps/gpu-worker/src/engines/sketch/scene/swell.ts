import { lerp, mix, multiply, type Rgb, rgb, smoothstep } from '../raster/color.ts';
import { addFill } from '../raster/layer.ts';
import { fbm, grain } from '../raster/noise.ts';
import { polygon, type Point, stroke } from '../raster/path.ts';
import type { Stage } from './stage.ts';

/** The waves of a rough sea, one behind the other, foam on their crests. */
export function paintSwell(stage: Stage): void {
  const { layers, width, height, horizon, air, rng } = stage;
  const random = rng.fork('swell');
  const deep = multiply(rgb('1d4a5c'), mix(air.ambient, [1, 1, 1], 0.25));
  const bright = mix(multiply(rgb('4f8f96'), air.ambient), air.sky[3], 0.25);
  const foam: Rgb = mix([0.95, 0.97, 0.98], air.haze, 0.25);
  for (let wave = 0; wave < 6; wave += 1) {
    const near = (wave + 0.5) / 6;
    const base = lerp(horizon, height, near ** 1.25);
    const rise = lerp(0.02, 0.13, near);
    const [u, v] = [random.next(), random.next()];
    const crest = (x: number): number => base - (fbm(x * lerp(0.75, 0.3, near) + u, v) - 0.35) * rise * 2;
    const line: Point[] = Array.from({ length: 121 }, (_, step) => {
      const x = ((step / 120) * 1.04 - 0.02) * width;
      return [x, crest(x)];
    });
    addFill(layers, polygon([...line, [width + 0.02, height + 0.01], [-0.02, height + 0.01]]), (x, y, out) => {
      const below = y - crest(x);
      const light = smoothstep(rise * 1.5, 0, below) * 0.75 + (fbm(x * 0.9 + u, below * 3.5 + v) - 0.5) * 0.5;
      const spray =
        smoothstep(0.62, 0.78, grain(x * 0.5 + v, below * 1.4 + u)) * smoothstep(rise * 1.4, 0, below) * 0.6;
      for (let channel = 0; channel < 3; channel += 1) {
        const body = lerp(deep[channel] ?? 0, bright[channel] ?? 0, Math.max(0, light));
        out[channel] = lerp(body, foam[channel] ?? 0, spray);
      }
    });
    const crestLine = line.map(([x, y]): Point => [x, y + 0.002]);
    const widths = Array.from({ length: 24 }, () => random.between(0, 0.014) * (0.3 + near));
    addFill(layers, stroke(crestLine, widths, 1), foam, { alpha: 0.85, soft: 0.004 });
  }
}
