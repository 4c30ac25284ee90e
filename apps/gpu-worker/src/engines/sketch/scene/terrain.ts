import { lerp, mix, multiply, rgb, scale, smoothstep } from '../raster/color.ts';
import { addFill, type Shader } from '../raster/layer.ts';
import { fbm, grain } from '../raster/noise.ts';
import { blob, ellipse, polygon, type Point, rectangle, stroke } from '../raster/path.ts';
import { addGlow } from './brush.ts';
import type { Stage } from './stage.ts';
import { paintWater } from './water.ts';

/** The middle line and the half width of something that winds from the viewer to the horizon, by distance 0 to 1. */
function winding(stage: Stage, label: string, width: number): (y: number) => readonly [middle: number, half: number] {
  const random = stage.rng.fork(label);
  const [swing, phase] = [random.between(0.12, 0.24), random.between(0, 6)];
  const end = stage.width * random.between(0.4, 0.6);
  return (y) => {
    const near = Math.max(0, (y - stage.horizon) / (stage.height - stage.horizon));
    const middle = lerp(end, stage.width * 0.5, near) + Math.sin(near ** 0.6 * 5.2 + phase) * swing * near ** 0.8;
    return [middle, 0.006 + width * near ** 1.35];
  };
}

/** A river from the horizon to the viewer. */
export function paintRiver(stage: Stage): void {
  const at = winding(stage, 'river', 0.3);
  const { horizon, height, layers, air } = stage;
  const [left, right] = banks(at, horizon + 0.012, height, 0.012);
  const bank = mix(multiply(rgb('6a5a3f'), air.ambient), air.haze, 0.2);
  addFill(layers, polygon([...left, ...right.reverse()]), bank, { soft: 0.012 });
  const span = riverSpan(at, horizon + 0.014, height);
  paintWater(stage, {
    roughness: 0.1,
    color: stage.reading.subjects.find(({ kind }) => kind === 'river')?.color,
    inside: span,
  });
}

function riverSpan(
  at: (y: number) => readonly [number, number],
  top: number,
  bottom: number,
): (x: number, y: number) => boolean {
  return (x, y) => {
    if (y < top || y > bottom) return false;
    const [middle, half] = at(y);
    return Math.abs(x - middle) < half;
  };
}

function banks(
  at: (y: number) => readonly [number, number],
  top: number,
  bottom: number,
  extra: number,
): [Point[], Point[]] {
  const [left, right]: [Point[], Point[]] = [[], []];
  for (let step = 0; step <= 60; step += 1) {
    const y = lerp(top, bottom + 0.02, (step / 60) ** 1.6);
    const [middle, half] = at(y);
    left.push([middle - half - extra, y]);
    right.push([middle + half + extra, y]);
  }
  return [left, right];
}

/** A road with a broken middle line. */
export function paintRoad(stage: Stage): void {
  const { horizon, height, layers, air, reading } = stage;
  const at = winding(stage, 'road', 0.3);
  const color = reading.subjects.find(({ kind }) => kind === 'road')?.color;
  const isPaved = !stage.has('forest', 'field', 'desert') || stage.has('car', 'city');
  const surface = multiply(color ?? (isPaved ? rgb('54545c') : rgb('b59a70')), air.ambient);
  const [left, right] = banks(at, horizon + 0.012, height, 0);
  const verge = banks(at, horizon + 0.012, height, 0.014);
  addFill(layers, polygon([...verge[0], ...verge[1].reverse()]), mix(surface, rgb('8a8068'), 0.5), {
    alpha: 0.7,
    soft: 0.008,
  });
  const shader: Shader = (x, y, out) => {
    const far = smoothstep(0.25, 0, (y - horizon) / (height - horizon)) * 0.6 * air.hazeAmount;
    const rough = 0.93 + (grain(x * 0.8, y * 1.6) - 0.5) * 0.22;
    for (let channel = 0; channel < 3; channel += 1)
      out[channel] = lerp((surface[channel] ?? 0) * rough, air.haze[channel] ?? 0, far);
  };
  addFill(layers, polygon([...left, ...right.reverse()]), shader);
  if (!isPaved) return;
  const paint = multiply(rgb('f3ead0'), air.ambient);
  for (let dash = 0; dash < 12; dash += 1) {
    const [from, to] = [(dash + 0.15) / 12, (dash + 0.65) / 12].map((t) => lerp(horizon + 0.02, height, t ** 1.9));
    const [a, halfA] = at(from ?? 0);
    const [b, halfB] = at(to ?? 0);
    addFill(
      layers,
      polygon([
        [a - halfA * 0.03, from ?? 0],
        [a + halfA * 0.03, from ?? 0],
        [b + halfB * 0.03, to ?? 0],
        [b - halfB * 0.03, to ?? 0],
      ]),
      paint,
      { alpha: 0.85 },
    );
  }
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

/** A low green island on the horizon. */
export function paintIsland(stage: Stage): void {
  const { layers, width, horizon, air, rng } = stage;
  const random = rng.fork('island');
  const [x, half] = [width * random.between(0.4, 0.6), random.between(0.24, 0.32)];
  addFill(layers, ellipse(x, horizon + 0.012, half * 1.1, 0.018), multiply(rgb('ecd3a2'), air.ambient));
  addFill(
    layers,
    blob([
      [x - half, horizon + 0.012],
      [x - half * 0.55, horizon - 0.05],
      [x - half * 0.1, horizon - 0.12],
      [x + half * 0.35, horizon - 0.07],
      [x + half, horizon + 0.012],
    ]),
    (px, py, out) => {
      const tone = multiply(rgb('4f8a48'), air.ambient);
      const light = 0.75 + grain(px * 1.1, py * 1.1) * 0.5;
      for (let channel = 0; channel < 3; channel += 1)
        out[channel] = lerp((tone[channel] ?? 0) * light, air.haze[channel] ?? 0, 0.25 * air.hazeAmount);
    },
  );
}

/** A cone with a burning crater and a column of smoke. */
export function paintVolcano(stage: Stage): void {
  const { layers, width, horizon, air, rng } = stage;
  const random = rng.fork('volcano');
  const [x, tall] = [width * random.between(0.42, 0.58), Math.min(0.46, horizon * 0.75)];
  const top = horizon - tall;
  for (let puff = 0; puff < 16; puff += 1) {
    const t = puff / 15;
    addFill(
      layers,
      ellipse(
        x + t * 0.16 + random.between(-0.05, 0.05) * (0.4 + t),
        top - t * (top + 0.05),
        0.05 + t * 0.13,
        0.05 + t * 0.09,
      ),
      mix(rgb('4a4248'), air.haze, 0.25 + t * 0.3),
      { alpha: 0.55, soft: 0.06 },
    );
  }
  addGlow(layers, x, top, 0.3, rgb('ff7a2a'), 0.9);
  const cone: Point[] = [
    [x - 0.09, top],
    [x - 0.02, top + 0.018],
    [x + 0.03, top + 0.01],
    [x + 0.09, top],
    [x + 0.22, top + tall * 0.42],
    [x + 0.62, horizon + 0.02],
    [x - 0.62, horizon + 0.02],
    [x - 0.22, top + tall * 0.42],
  ];
  const rock = multiply(rgb('5a4a48'), air.ambient);
  addFill(layers, polygon(cone), (px, py, out) => {
    const slope = 0.6 + (fbm(px * 0.9, (py - top) * 0.35) - 0.4) * 1.1 + (air.toLight[0] < 0 ? x - px : px - x) * 0.9;
    const far = smoothstep(top, horizon, py) * 0.5 * air.hazeAmount;
    for (let channel = 0; channel < 3; channel += 1)
      out[channel] = lerp((rock[channel] ?? 0) * Math.max(0.3, slope), air.haze[channel] ?? 0, far);
  });
  for (const [bend, length] of [
    [-0.06, 0.5],
    [0.02, 0.75],
    [0.09, 0.42],
  ] as const) {
    const flow: Point[] = [
      [x + bend * 0.5, top + 0.01],
      [x + bend, top + tall * length * 0.4],
      [x + bend * 2.2, top + tall * length],
    ];
    addFill(layers, stroke(flow, [0.03, 0.016, 0.003]), rgb('ff8a2a'), { soft: 0.006 });
    addFill(layers, stroke(flow, [0.07, 0.04, 0.01]), rgb('ff4a1a'), { soft: 0.03, alpha: 0.6, blend: 'screen' });
  }
}

/** A fall of water over a rock face. */
export function paintWaterfall(stage: Stage): void {
  const { layers, width, horizon, air, rng } = stage;
  const [x, top] = [width * rng.fork('waterfall').between(0.42, 0.58), horizon * 0.28];
  const rock = multiply(rgb('5f6468'), air.ambient);
  addFill(
    layers,
    polygon([
      [-0.02, horizon * 0.34],
      [x - 0.2, top + 0.03],
      [x - 0.1, top],
      [x + 0.1, top],
      [x + 0.22, top + 0.04],
      [width + 0.02, horizon * 0.3],
      [width + 0.02, horizon + 0.06],
      [-0.02, horizon + 0.06],
    ]),
    (px, py, out) => {
      const light = 0.5 + fbm(px * 0.8, py * 0.3) * 0.75 + (grain(px * 0.7, py * 0.3) - 0.5) * 0.5;
      const moss = smoothstep(0.52, 0.72, fbm(px * 0.5 + 0.3, py * 0.9)) * 0.6;
      const green = mix(rock, air.foliage, moss);
      for (let channel = 0; channel < 3; channel += 1) out[channel] = (green[channel] ?? 0) * light;
    },
  );
  const water = mix(air.haze, [1, 1, 1], 0.65);
  const fall: Shader = (px, py, out) => {
    const streak = fbm(px * 5, py * 0.35) * 0.5 + 0.6;
    for (let channel = 0; channel < 3; channel += 1) out[channel] = (water[channel] ?? 0) * streak;
  };
  addFill(
    layers,
    polygon([
      [x - 0.07, top],
      [x + 0.07, top],
      [x + 0.11, horizon + 0.04],
      [x - 0.11, horizon + 0.04],
    ]),
    fall,
    { soft: 0.012 },
  );
  addFill(layers, rectangle(x - 0.22, horizon - 0.04, 0.44, 0.07), mix(air.haze, [1, 1, 1], 0.5), {
    soft: 0.09,
    alpha: 0.7,
  });
}
