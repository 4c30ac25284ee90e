import { lerp, mix, multiply, type Rgb, rgb, smoothstep } from '../raster/color.ts';
import { addFill, type Shader } from '../raster/layer.ts';
import { fbm, grain } from '../raster/noise.ts';
import { type Path, polygon, type Point, rectangle } from '../raster/path.ts';
import type { Rng } from '../rng.ts';
import type { Atmosphere } from './atmosphere.ts';
import type { Stage } from './stage.ts';

/** Heights above the base line, 0 to 1, along the picture: midpoint noise with sharp or with round tops. */
type Profile = (x: number) => number;

function ridge(rng: Rng, roughness: number, isSharp: boolean, width: number): Profile {
  const [u, v, row] = [rng.next(), rng.next(), rng.next()];
  return tabulated(width, (x) => {
    const broad = fbm(x * 0.28 + u, v);
    const crest = isSharp ? 1 - Math.abs(fbm(x * 0.5 + v, row) * 2 - 1) : fbm(x * 0.3 + v, row);
    const detail = isSharp ? grain(x * 0.12 + u, row) - 0.5 : 0;
    return broad * 0.45 + crest * 0.55 + detail * roughness;
  });
}

/** Shaders ask for the height at every pixel: a table answers at a tenth of the cost. */
function tabulated(width: number, profile: Profile): Profile {
  const [margin, perUnit] = [1, 400];
  const table = Float32Array.from({ length: Math.ceil((width + 2 * margin) * perUnit) + 2 }, (_, index) =>
    profile(index / perUnit - margin),
  );
  const last = table.length - 2;
  return (x) => {
    const place = Math.min(last, Math.max(0, (x + margin) * perUnit));
    const index = Math.floor(place);
    const from = table[index] ?? 0;
    return from + ((table[index + 1] ?? 0) - from) * (place - index);
  };
}

function skyline(profile: Profile, width: number, base: number, bottom: number, height: number): Path {
  const steps = 320;
  const points: Point[] = [];
  for (let step = 0; step <= steps; step += 1) {
    const x = (step / steps) * (width + 0.04) - 0.02;
    points.push([x, base - profile(x) * height]);
  }
  return polygon([...points, [width + 0.02, bottom], [-0.02, bottom]]);
}

/** Ranges one behind the other, snow on the tops, mist at the feet. */
export function paintMountains(stage: Stage, isMain: boolean): void {
  const { layers, width, horizon, air, rng } = stage;
  const random = rng.fork('mountains');
  const ranges = isMain ? 3 : 2;
  for (let range = 0; range < ranges; range += 1) {
    const depth = isMain ? 0.85 - range * 0.27 : 0.9 - range * 0.18;
    const rise = (isMain ? [0.5, 0.62, 0.3][range] : [0.22, 0.13][range]) ?? 0.2;
    const profile = ridge(random.fork(`range ${range}`), 0.1, true, width);
    const tall = Math.min(rise * 0.95, horizon * 0.92);
    const path = skyline(profile, width, horizon + 0.01, horizon + 0.12, tall);
    const rock = multiply(rgb(isMain ? '6a6f7c' : '5f7480'), air.ambient);
    const snow = isMain && (range < 2 || air.isSnowy) ? 0.16 + random.between(0, 0.06) : air.isSnowy ? 0.1 : 0;
    addFill(layers, path, mountainShader(air, profile, horizon, tall, rock, depth, snow, random.next()));
  }
}

/** Height of the spurs that run down and away from the crest; its slope towards the light decides between sun and shade. */
function fold(along: number, down: number, seed: number): number {
  const spur = fbm(along * 0.42 + seed + down * 0.22, down * 0.55 - along * 0.2);
  return Math.abs(spur * 2 - 1) * 1.1 + fbm(along * 1.3 - down * 0.5, down * 1.1 + seed) * 0.35;
}

function mountainShader(
  air: Atmosphere,
  profile: Profile,
  base: number,
  tall: number,
  rock: Rgb,
  depth: number,
  snow: number,
  seed: number,
): Shader {
  const white = mix(multiply(rgb('f7f8fc'), mix(air.ambient, [1, 1, 1], 0.3)), air.light, 0.12);
  const blue = mix(multiply(rgb('93a6c8'), air.ambient), air.haze, 0.2);
  const side = air.toLight[0] < 0 ? -1 : 1;
  return (x, y, out) => {
    const below = y - (base - profile(x) * tall);
    const slope =
      (fold(x + side * 0.012, below - 0.01, seed) - fold(x, below, seed)) * 7 +
      (profile(x) - profile(x + side * 0.02)) * 2.5;
    const lit = Math.min(1, Math.max(0, 0.5 + slope));
    const edge = snow * (0.6 + grain(x * 0.35, below * 0.5 + seed) * 1.1);
    const isSnow = snow > 0 ? smoothstep(edge + 0.025, edge - 0.015, below + (1 - profile(x)) * 0.12) : 0;
    const mist = smoothstep(0.45 * tall, tall, below) * 0.5;
    const far = Math.min(1, depth * air.hazeAmount + mist);
    for (let channel = 0; channel < 3; channel += 1) {
      const stone = (rock[channel] ?? 0) * (0.55 + lit * 0.75);
      const cap = lerp(blue[channel] ?? 0, white[channel] ?? 0, smoothstep(0.25, 0.7, lit));
      const solid = lerp(stone, cap, isSnow) + (air.light[channel] ?? 0) * lit * 0.06;
      out[channel] = lerp(solid, air.haze[channel] ?? 0, far);
    }
  };
}

/** Rolling ground in bands, the nearest darkest; `color` is that of the nearest. */
export function paintHills(stage: Stage, color: Rgb, rise = 0.1): void {
  const { layers, width, horizon, rng, height } = stage;
  const random = rng.fork('hills');
  const bands = 4;
  for (let band = 0; band < bands; band += 1) {
    const near = band / (bands - 1);
    const profile = ridge(random.fork(`band ${band}`), 0, false, width);
    const base = lerp(horizon + 0.015, horizon + (height - horizon) * 0.5, near ** 1.3);
    const bottom =
      band === bands - 1
        ? height
        : Math.min(height, lerp(horizon, height, 0.5 * ((band + 1) / (bands - 1)) ** 1.3) + rise + 0.02);
    const path = skyline(profile, width, base + rise * 0.5, bottom, rise * (0.7 + near * 0.5));
    addFill(layers, path, groundShader(stage, color, base - rise * 0.3, 0.62 * (1 - near), random.next()));
  }
}

/** Level ground from the horizon to the lower edge. */
export function paintPlain(stage: Stage, color: Rgb): void {
  const { layers, width, horizon, height, rng } = stage;
  const path = rectangle(0, horizon, width, height - horizon);
  addFill(layers, path, groundShader(stage, color, horizon, 0.5, rng.fork('plain').next()));
}

function groundShader(stage: Stage, color: Rgb, top: number, depth: number, seed: number): Shader {
  const { air, height, horizon } = stage;
  const tone = multiply(air.isSnowy ? rgb('e9eef6') : color, air.ambient);
  const cool = air.isSnowy ? mix(tone, air.sky[1], 0.35) : mix(tone, [0.04, 0.08, 0.1], 0.4);
  const warm = mix(tone, air.light, air.isSnowy ? 0.25 : 0.2);
  return (x, y, out) => {
    const t = Math.max(0, (y - top) / (height - top));
    const view = 1 / (0.12 + Math.max(0, y - horizon));
    const broad = fbm(x * 0.45 + seed, y * 1.5 + seed);
    const fine = grain(x * 0.22 * view * 0.45 + seed, y * 0.9 + seed) - 0.5;
    const light = Math.min(1, Math.max(0, broad * 1.1 + fine * (air.isSnowy ? 0.12 : 0.5) - t * 0.35 + 0.1));
    const far = depth * air.hazeAmount * (1 - t * 0.8);
    for (let channel = 0; channel < 3; channel += 1) {
      const solid = lerp(cool[channel] ?? 0, warm[channel] ?? 0, light);
      out[channel] = lerp(solid, air.haze[channel] ?? 0, far);
    }
  };
}

/** Dunes with a sharp crest between the sunny and the shaded face. */
export function paintDunes(stage: Stage, color: Rgb): void {
  const { layers, width, horizon, air, rng, height } = stage;
  const random = rng.fork('dunes');
  const side = air.toLight[0] < 0 ? -1 : 1;
  for (let band = 0; band < 5; band += 1) {
    const near = band / 4;
    const profile = ridge(random.fork(`dune ${band}`), 0, false, width);
    const rise = 0.12 + near * 0.2;
    const base = lerp(horizon + 0.05, height * 0.98, near);
    const tone = multiply(color, air.ambient);
    const [shade, lit] = [mix(tone, [0.28, 0.12, 0.16], 0.45), mix(tone, air.light, 0.28)];
    const seed = random.next();
    const shader: Shader = (x, y, out) => {
      const below = y - (base - profile(x) * rise);
      const along = x + side * below * 0.9;
      const slope = (profile(along) - profile(along + side * 0.05)) * 8;
      const ripple = Math.sin((y + x * 0.15 + fbm(x * 0.6, y + seed) * 0.12) * 420 * (1.2 - near * 0.6)) * 0.03 * near;
      const light = Math.min(1, Math.max(0, 0.55 + slope - below * 0.5 + ripple));
      const far = (1 - near) * 0.6 * air.hazeAmount;
      for (let channel = 0; channel < 3; channel += 1) {
        out[channel] = lerp(lerp(shade[channel] ?? 0, lit[channel] ?? 0, light), air.haze[channel] ?? 0, far);
      }
    };
    const bottom = Math.min(height, lerp(horizon + 0.05, height * 0.98, near + 0.25) + 0.02);
    addFill(layers, skyline(profile, width, base, band === 4 ? height : bottom, rise), shader);
  }
}
