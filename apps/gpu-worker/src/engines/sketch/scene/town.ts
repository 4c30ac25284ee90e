import { lerp, mix, multiply, type Rgb, rgb, scale } from '../raster/color.ts';
import { addFill, type Shader } from '../raster/layer.ts';
import { hashPixel } from '../raster/noise.ts';
import { joined, type Path, polygon, rectangle } from '../raster/path.ts';
import type { Rng } from '../rng.ts';
import { addGlow } from './brush.ts';
import type { Stage } from './stage.ts';

const WALLS: readonly [string, ...string[]] = ['8a8f9c', '6f7f93', '9b8b82', '7a7487', 'a59a8c', '5f6d80'];

/** A skyline in three rows, windows lit when it is dark. */
export function paintCity(stage: Stage, base: number): void {
  const { width, horizon, rng, air, layers } = stage;
  const random = rng.fork('city');
  if (air.isDark) addGlow(layers, width / 2, base, width * 0.75, rgb('ff9a5a'), 0.3);
  const rows = 3;
  for (let row = 0; row < rows; row += 1) {
    const near = row / (rows - 1);
    const tall = Math.min(horizon * 0.85, lerp(0.46, 0.36, near));
    let x = -0.03;
    while (x < width + 0.03) {
      const wide = random.between(0.05, 0.1) * lerp(0.8, 1.25, near);
      const middle = 1 - Math.abs(x / width - 0.5) * 1.1;
      const high = tall * random.between(0.35, 1) * (0.45 + 0.55 * middle);
      addTower(stage, random, x, base + 0.012 * row, wide, high, 0.75 * (1 - near), near);
      x += wide * random.between(0.85, 1.15);
    }
  }
}

function addTower(
  stage: Stage,
  random: Rng,
  x: number,
  base: number,
  wide: number,
  high: number,
  depth: number,
  near: number,
): void {
  const { air, layers } = stage;
  const wall = scale(multiply(rgb(random.pick(WALLS)), mix(air.ambient, [0.3, 0.3, 0.42], air.isDark ? 0.5 : 0)), 1);
  const top = base - high;
  const outline = towerOutline(random, x, top, wide, high);
  const seed = random.int(0, 99_999);
  addFill(layers, outline, towerShader(stage, x, top, wide, wall, depth, near, seed));
  if (near === 1 && random.chance(0.3)) {
    addFill(layers, rectangle(x + wide * 0.48, top - 0.07, wide * 0.05, 0.08), mix(wall, air.haze, depth));
    if (air.isDark) addGlow(layers, x + wide * 0.5, top - 0.07, 0.02, rgb('ff4040'), 1);
  }
}

function towerOutline(random: Rng, x: number, top: number, wide: number, high: number): Path {
  const body = rectangle(x, top, wide, high + 0.05);
  switch (random.int(0, 4)) {
    case 0:
      return joined(body, rectangle(x + wide * 0.2, top - high * 0.1, wide * 0.6, high * 0.1));
    case 1:
      return polygon([
        [x, top + wide * 0.5],
        [x + wide * 0.5, top - wide * 0.1],
        [x + wide, top + wide * 0.5],
        [x + wide, top + high + 0.05],
        [x, top + high + 0.05],
      ]);
    case 2:
      return polygon([
        [x, top + wide * 0.4],
        [x + wide, top],
        [x + wide, top + high + 0.05],
        [x, top + high + 0.05],
      ]);
    default:
      return body;
  }
}

function towerShader(
  stage: Stage,
  left: number,
  top: number,
  wide: number,
  wall: Rgb,
  depth: number,
  near: number,
  seed: number,
): Shader {
  const { air } = stage;
  const [cellX, cellY] = [wide / Math.max(3, Math.round(wide / 0.016)), 0.019];
  const litSide = air.toLight[0] < 0 ? 0 : 1;
  const glass = mix(wall, air.isDark ? [0.05, 0.06, 0.12] : air.sky[2], air.isDark ? 0.5 : 0.4);
  const lamp = rgb('ffd58a');
  const cool = rgb('bfe4ff');
  const share = air.isDark ? 0.42 : air.time === 'sunset' ? 0.16 : 0;
  return (x, y, out) => {
    const [u, v] = [(x - left) / cellX, (y - top) / cellY];
    const [column, row] = [Math.floor(u), Math.floor(v)];
    const [fu, fv] = [u - column, v - row];
    const isWindow = fu > 0.22 && fu < 0.78 && fv > 0.25 && fv < 0.8 && y > top + 0.012;
    const draw = hashPixel(column + seed, row + seed);
    const face = 0.82 + 0.3 * Math.abs((x - left) / wide - (1 - litSide));
    const isLamp = isWindow && draw < share;
    const color = isLamp ? (draw < share * 0.75 ? lamp : cool) : isWindow ? glass : wall;
    const light = isLamp ? 0.75 + (draw / (share || 1)) * 0.35 : face * (isWindow ? 0.9 + draw * 0.3 : 1);
    const far = isLamp ? depth * 0.45 : Math.min(1, depth * air.hazeAmount + (1 - near) * 0.05);
    for (let channel = 0; channel < 3; channel += 1) {
      out[channel] = lerp((color[channel] ?? 0) * light, air.haze[channel] ?? 0, far);
    }
  };
}
