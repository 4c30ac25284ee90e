import { lerp, mix, multiply, rgb, scale, smoothstep } from '../raster/color.ts';
import { addFill, type Shader } from '../raster/layer.ts';
import { fbm, grain } from '../raster/noise.ts';
import { polygon, type Point, stroke } from '../raster/path.ts';
import type { Stage } from './stage.ts';

/** A green bank along the lower edge, for what stands by a lake. */
export function paintBank(stage: Stage): void {
  const { layers, width, height, horizon, air, rng } = stage;
  const seed = rng.fork('bank').next();
  const edge = (x: number): number => lerp(horizon, height, 0.66) + (fbm(x * 0.25 + seed, seed) - 0.5) * 0.16;
  const line: Point[] = Array.from({ length: 61 }, (_, step) => [
    ((step / 60) * 1.04 - 0.02) * width,
    edge((step / 60) * width),
  ]);
  const grass = multiply(air.isSnowy ? rgb('e9eef6') : air.grass, air.ambient);
  const shade = scale(grass, 0.5);
  const ground: Point[] = [...line, [width + 0.02, height + 0.01], [-0.02, height + 0.01]];
  addFill(layers, polygon(ground), mix(shade, air.haze, 0.15), { soft: 0.01 });
  addFill(layers, polygon(ground.map(([x, y]): Point => [x, y + 0.008])), (x, y, out) => {
    const light = fbm(x * 0.5 + seed, y * 1.4) * 0.9 + (grain(x * 0.9, y * 1.3) - 0.5) * 0.4;
    for (let channel = 0; channel < 3; channel += 1) {
      out[channel] = lerp(shade[channel] ?? 0, grass[channel] ?? 0, Math.min(1, light + 0.35));
    }
  });
}

/** Sand below the water's edge, a line of foam between them. */
export function paintBeach(stage: Stage): void {
  const { layers, width, height, horizon, air, rng } = stage;
  const random = rng.fork('beach');
  const tilt = random.between(-0.09, 0.09);
  const seed = random.next();
  const edge = (x: number): number =>
    lerp(horizon, height, 0.64) + (x / width - 0.5) * tilt + (fbm(x * 0.3 + seed, seed) - 0.5) * 0.12;
  const line: Point[] = Array.from({ length: 61 }, (_, step) => [
    ((step / 60) * 1.04 - 0.02) * width,
    edge((step / 60) * width),
  ]);
  const sand = multiply(rgb('ecd3a2'), air.ambient);
  const wet = mix(scale(sand, 0.68), air.sky[3], 0.3);
  const shader: Shader = (x, y, out) => {
    const below = y - edge(x);
    const dry = smoothstep(0.01, 0.1, below);
    const rough = 1 + (grain(x * 0.9, y * 1.8) - 0.5) * 0.16 + (fbm(x * 0.5, y * 1.4) - 0.5) * 0.14;
    for (let channel = 0; channel < 3; channel += 1) {
      out[channel] = lerp(wet[channel] ?? 0, sand[channel] ?? 0, dry) * rough;
    }
  };
  addFill(layers, polygon([...line, [width + 0.02, height + 0.01], [-0.02, height + 0.01]]), shader, { soft: 0.004 });
  for (const [shift, wide, alpha] of [
    [0, 0.016, 0.85],
    [-0.05, 0.008, 0.5],
    [-0.1, 0.006, 0.35],
  ] as const) {
    addFill(
      layers,
      stroke(
        line.map(([x, y]): Point => [x, y + shift + (fbm(x * 0.9 + shift, seed) - 0.5) * 0.02]),
        [wide, wide * 0.4, wide],
        1,
      ),
      mix([1, 1, 1], air.haze, 0.12),
      { alpha, soft: 0.006 },
    );
  }
}
