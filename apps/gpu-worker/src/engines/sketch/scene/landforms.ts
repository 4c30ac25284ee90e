import { lerp, mix, multiply, rgb, smoothstep } from '../raster/color.ts';
import { addFill, type Shader } from '../raster/layer.ts';
import { fbm, grain } from '../raster/noise.ts';
import { blob, ellipse, polygon, type Point, rectangle, stroke } from '../raster/path.ts';
import { addGlow } from './brush.ts';
import type { Stage } from './stage.ts';

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
