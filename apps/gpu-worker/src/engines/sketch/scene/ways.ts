import { lerp, mix, multiply, rgb, smoothstep } from '../raster/color.ts';
import { addFill, type Shader } from '../raster/layer.ts';
import { grain } from '../raster/noise.ts';
import { polygon, type Point } from '../raster/path.ts';
import { ACTORS } from '../subjects/actors.ts';
import type { Stage } from './stage.ts';
import { paintWater } from './water.ts';

/** The middle line and the half width of something that winds from the viewer to the horizon, by distance 0 to 1. */
function winding(
  stage: Stage,
  label: string,
  width: number,
  start = 0.5,
): (y: number) => readonly [middle: number, half: number] {
  const random = stage.rng.fork(label);
  const [swing, phase] = [random.between(0.12, 0.24), random.between(0, 6)];
  const end = stage.width * random.between(0.4, 0.6);
  return (y) => {
    const near = Math.max(0, (y - stage.horizon) / (stage.height - stage.horizon));
    const middle = lerp(end, stage.width * start, near) + Math.sin(near ** 0.6 * 5.2 + phase) * swing * near ** 0.8;
    return [middle, 0.006 + width * near ** 1.35];
  };
}

/** A river from the horizon to the viewer. */
export function paintRiver(stage: Stage): void {
  // Leaves the middle to what stands there.
  const isTaken = stage.reading.subjects.some(({ kind }) => ACTORS[kind]?.zone === 'near');
  const at = winding(stage, 'river', 0.3, isTaken ? (stage.air.lightX < 0.5 ? 0.08 : 0.92) : 0.5);
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
