import { lerp, mix, multiply, type Rgb, rgb, scale, smoothstep, tint } from '../raster/color.ts';
import { addFill, type Shader } from '../raster/layer.ts';
import { fbm, grain, hashPixel } from '../raster/noise.ts';
import { blob, ellipse, polygon, type Point, rectangle, stroke } from '../raster/path.ts';
import { addGlow } from './brush.ts';
import type { Stage } from './stage.ts';

/** A plaster wall in window light and a wooden table. */
export function paintTable(stage: Stage): void {
  const { layers, width, height, air, reading, rng } = stage;
  const random = rng.fork('table');
  const wall = reading.colors[0] ?? rgb(random.pick(['7d8a80', '6a5a52', 'b59a80', '54646f', '8a6f74']));
  const edge = stage.horizon;
  const lit = multiply(mix(wall, air.light, 0.25), air.ambient);
  const dim = multiply(scale(wall, 0.42), air.ambient);
  const side = air.toLight[0] < 0 ? 0 : width;
  addFill(layers, rectangle(0, 0, width, height), (x, y, out) => {
    const fall = Math.exp(-Math.hypot(x - side, y - 0.1) * 1.15);
    const light = Math.min(1, fall * 1.15 + (fbm(x * 0.7, y * 0.7) - 0.5) * 0.28);
    for (let channel = 0; channel < 3; channel += 1)
      out[channel] = lerp(dim[channel] ?? 0, lit[channel] ?? 0, Math.max(0, light));
  });
  const wood = multiply(rgb(random.pick(['8a5a34', '6f4a30', 'a5764a'])), air.ambient);
  addFill(layers, rectangle(0, edge, width, height - edge), (x, y, out) => {
    const near = (y - edge) / (height - edge);
    const line = fbm(x * 0.25 + 0.2, y * 2.6 + Math.floor((y - edge) * 7) * 0.37);
    const light = 0.6 + line * 0.6 + Math.exp(-Math.abs(x - side) * 1.1) * 0.4 - near * 0.22;
    for (let channel = 0; channel < 3; channel += 1) out[channel] = (wood[channel] ?? 0) * light;
  });
  addFill(layers, rectangle(0, edge - 0.004, width, 0.012), scale(wood, 1.5), { soft: 0.004, alpha: 0.8 });
}

/** A soft studio backdrop, brighter behind the head. */
export function paintBackdrop(stage: Stage): void {
  const { layers, width, height, air, reading, rng } = stage;
  const random = rng.fork('backdrop');
  // The first colour is that of the clothes.
  const base =
    reading.colors[1] ??
    mix(rgb(random.pick(['5a6f78', '7a6a5a', '6a5a70', '4f6a5f', '8a7a66'])), air.sky[1], air.isDark ? 0.5 : 0.15);
  const [u, v] = [random.next(), random.next()];
  addFill(layers, rectangle(0, 0, width, height), (x, y, out) => {
    const light = 1.25 - Math.hypot(x - width / 2, (y - height * 0.42) * 0.85) * 1.15;
    const cloth = (fbm(x * 0.5 + u, y * 0.5 + v) - 0.5) * 0.5;
    for (let channel = 0; channel < 3; channel += 1) out[channel] = (base[channel] ?? 0) * Math.max(0.2, light + cloth);
  });
}

/** Nebulae and stars. */
export function paintSpace(stage: Stage): void {
  const { layers, width, height, reading, rng } = stage;
  const random = rng.fork('space');
  const hues: [Rgb, Rgb] = random.pick([
    [rgb('3f4fd0'), rgb('d04f9a')],
    [rgb('1f8a9a'), rgb('7a4fd0')],
    [rgb('c0562f'), rgb('5f3f9a')],
  ]);
  const [first, second] = [reading.colors[0] ?? reading.skyColor ?? hues[0], reading.colors[1] ?? hues[1]];
  const [u, v] = [random.next(), random.next()];
  const seed = random.int(0, 90_000);
  const shader: Shader = (x, y, out) => {
    const warp = fbm(x * 0.4 + u, y * 0.4 + v);
    const gas = smoothstep(0.42, 0.82, fbm(x * 0.32 + v + warp * 0.22, y * 0.32 + u - warp * 0.15));
    const glow = smoothstep(0.45, 0.85, fbm(x * 0.45 + u + warp * 0.2, y * 0.45 - v));
    const dust = 0.7 + fbm(x * 1.3, y * 1.3 + warp * 0.3) * 0.6;
    for (let channel = 0; channel < 3; channel += 1) {
      const deep = [0.014, 0.016, 0.045][channel] ?? 0;
      out[channel] = deep + ((first[channel] ?? 0) * gas * 0.75 + (second[channel] ?? 0) * glow * 0.6) * dust;
    }
    addStar(x, y, 62, seed, 0.34, 0.9, out);
    addStar(x, y, 17, seed + 7, 0.2, 2.4, out);
  };
  addFill(layers, rectangle(0, 0, width, height), shader);
  for (let star = 0; star < 5; star += 1) {
    addGlow(
      layers,
      random.between(0, width),
      random.between(0, height),
      random.between(0.03, 0.07),
      mix(first, [1, 1, 1], 0.75),
      0.9,
    );
  }
}

function addStar(
  x: number,
  y: number,
  cells: number,
  seed: number,
  share: number,
  size: number,
  out: Float32Array,
): void {
  const [cx, cy] = [Math.floor(x * cells), Math.floor(y * cells)];
  const draw = hashPixel(cx + seed, cy);
  if (draw > share) return;
  const [px, py] = [
    (cx + 0.2 + 0.6 * hashPixel(cx, cy + seed)) / cells,
    (cy + 0.2 + 0.6 * hashPixel(cy + seed, cx)) / cells,
  ];
  const light = Math.max(0, 1 - Math.hypot(x - px, y - py) / (0.0019 * size)) * (0.3 + 0.7 * (draw / share) ** 3);
  for (let channel = 0; channel < 3; channel += 1) out[channel] = (out[channel] ?? 0) + light;
}

/** The ground of an airless world along the lower edge, for those who have to stand on something. */
export function paintMoonGround(stage: Stage): void {
  const { layers, width, height, rng } = stage;
  const seed = rng.fork('moon ground').next();
  const edge = (x: number): number => height * 0.8 + (fbm(x * 0.3 + seed, seed) - 0.5) * 0.14;
  const line: Point[] = Array.from({ length: 81 }, (_, step) => [(step / 80) * width, edge((step / 80) * width)]);
  addFill(layers, polygon([...line, [width, height + 0.01], [0, height + 0.01]]), (x, y, out) => {
    const bump = fbm(x * 0.9, y * 2.2) - fbm(x * 0.9 + 0.014, y * 2.2 + 0.02);
    const light = 0.42 + bump * 4.5 + (grain(x * 0.8, y * 1.5) - 0.5) * 0.22 - (y - edge(x)) * 0.5;
    [out[0], out[1], out[2]] = [0.72 * light, 0.72 * light, 0.78 * light];
  });
}

/** Light from above, a sandy bottom, weed, bubbles. */
export function paintUnderwater(stage: Stage): void {
  const { layers, width, height, rng, reading, air } = stage;
  const random = rng.fork('underwater');
  const tone = reading.colors[0];
  const paint = (hex: string): Rgb => (tone === undefined ? rgb(hex) : tint(rgb(hex), tone, 0.6));
  const [top, low] = [scale(paint('5fd0de'), air.isDark ? 0.45 : 1), scale(paint('0b3a66'), air.isDark ? 0.5 : 1)];
  const u = random.next();
  addFill(layers, rectangle(0, 0, width, height), (x, y, out) => {
    const t = smoothstep(-0.1, 1.05, y / height);
    const ray = fbm(x * 0.85 + u + y * 0.22, 0.4) * Math.max(0, 1 - (y / height) * 1.05);
    for (let channel = 0; channel < 3; channel += 1) {
      out[channel] = lerp(top[channel] ?? 0, low[channel] ?? 0, t) + smoothstep(0.45, 0.85, ray) * 0.3;
    }
  });
  const seabed: Point[] = Array.from({ length: 41 }, (_, step) => [
    (step / 40) * width,
    height * 0.87 + (fbm((step / 40) * width * 0.4 + u, u) - 0.5) * 0.12,
  ]);
  const sand = mix(rgb('d9c79a'), low, 0.5);
  addFill(layers, polygon([...seabed, [width, height + 0.01], [0, height + 0.01]]), (x, y, out) => {
    const light = 0.85 + (fbm(x * 0.6, y * 1.6) - 0.5) * 0.6 + smoothstep(0.55, 0.7, fbm(x * 1.1 + u, y * 2.2)) * 0.22;
    for (let channel = 0; channel < 3; channel += 1) out[channel] = (sand[channel] ?? 0) * light;
  });
  for (let weed = 0; weed < 26 * width; weed += 1) {
    const x = random.chance(0.5) ? random.between(0, width * 0.32) : random.between(width * 0.68, width);
    const tall = random.between(0.12, 0.4);
    const sway = random.between(-0.06, 0.06);
    const color = mix(
      rgb(random.pick(['2f8a5a', '4fa05a', '1f6a5a', 'c85f7a', 'e08a4a'])),
      low,
      random.between(0.15, 0.55),
    );
    addFill(
      layers,
      stroke(
        [
          [x, height * 0.97],
          [x + sway, height * 0.97 - tall * 0.35],
          [x - sway, height * 0.97 - tall * 0.7],
          [x + sway * 0.6, height * 0.97 - tall],
        ],
        [0.024, 0.026, 0.02, 0.002],
      ),
      color,
      { alpha: 0.9 },
    );
  }
  for (let bubble = 0; bubble < 24; bubble += 1) {
    const [x, y, radius] = [random.between(0, width), random.between(0, height * 0.85), random.between(0.004, 0.013)];
    addFill(layers, ellipse(x, y, radius), [0.85, 0.96, 1], { alpha: 0.3 });
    addFill(
      layers,
      blob([
        [x - radius * 0.6, y],
        [x - radius * 0.3, y - radius * 0.6],
        [x, y - radius * 0.5],
        [x - radius * 0.3, y - radius * 0.2],
      ]),
      [1, 1, 1],
      { alpha: 0.8 },
    );
  }
}
