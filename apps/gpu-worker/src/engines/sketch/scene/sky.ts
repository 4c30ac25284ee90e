import { lerp, mix, type Rgb, rgb, smoothstep } from '../raster/color.ts';
import { addFill, type Shader } from '../raster/layer.ts';
import { fbm, hashPixel } from '../raster/noise.ts';
import { ellipse, rectangle } from '../raster/path.ts';
import { addGlow } from './brush.ts';
import type { Stage } from './stage.ts';

/** How far the sky goes on behind the land, whose upper edge is not level. */
const BELOW_HORIZON = 0.15;

/** Sky, stars, sun or moon, clouds: everything behind the land. */
export function paintSky(stage: Stage): void {
  const { layers, width, height, horizon, air } = stage;
  addFill(layers, rectangle(0, 0, width, Math.min(height, horizon + BELOW_HORIZON)), skyShader(stage));
  if (air.starAmount > 0) addStars(stage);
  if (stage.has('aurora')) addAurora(stage);
  addLightSource(stage);
  if (air.cloudCover > 0.05) {
    addFill(layers, rectangle(0, 0, width, Math.min(height, horizon + 0.02)), cloudShader(stage));
  }
  if (stage.has('rainbow')) addRainbow(stage);
}

function skyShader({ air, horizon, width }: Stage): Shader {
  const [top, middle, low, bottom] = air.sky;
  const lightX = air.lightX * width;
  const lightY = air.lightY * horizon;
  const warmth = air.isDark ? 0.12 : 0.3;
  return (x, y, out) => {
    const t = Math.min(1, y / horizon);
    const [a, b, from, to] =
      t < 0.45 ? [top, middle, 0, 0.45] : t < 0.8 ? [middle, low, 0.45, 0.8] : [low, bottom, 0.8, 1];
    const s = (t - from) / (to - from);
    const distance = Math.hypot(x - lightX, (y - lightY) * 1.3);
    const halo = warmth * Math.exp(-distance * 2.6);
    for (let channel = 0; channel < 3; channel += 1) {
      const base = lerp(a[channel] ?? 0, b[channel] ?? 0, s);
      out[channel] = base + ((air.light[channel] ?? 0) - base) * halo;
    }
  };
}

/** Sparse points on a jittered grid, brighter towards the zenith. */
function addStars({ layers, width, horizon, air, rng }: Stage): void {
  const seed = rng.fork('stars').int(0, 100_000);
  const cells = 46;
  const shader: Shader = (x, y, out) => {
    const [cx, cy] = [Math.floor(x * cells), Math.floor(y * cells)];
    const draw = hashPixel(cx + seed, cy);
    out[3] = 0;
    if (draw > 0.3) return;
    const px = (cx + 0.15 + 0.7 * hashPixel(cx, cy + seed)) / cells;
    const py = (cy + 0.15 + 0.7 * hashPixel(cy + seed, cx)) / cells;
    const brightness = 0.25 + 0.75 * (draw / 0.3) ** 4;
    const radius = 0.0011 + 0.0016 * brightness;
    const fall = Math.max(0, 1 - Math.hypot(x - px, y - py) / (radius * 1.6));
    out[0] = 0.92;
    out[1] = 0.95;
    out[2] = 1;
    out[3] = fall * brightness * air.starAmount * smoothstep(horizon * 1.02, horizon * 0.5, y);
  };
  addFill(layers, rectangle(0, 0, width, horizon), shader, { blend: 'screen' });
}

function addLightSource(stage: Stage): void {
  const { layers, width, horizon, air } = stage;
  const [x, y] = [air.lightX * width, air.lightY * horizon];
  const isMoon = air.isDark;
  if (!stage.allows(isMoon ? 'moon' : 'sun') || air.cloudCover > 0.75) return;
  const isNamed = stage.has(isMoon ? 'moon' : 'sun');
  const radius = (isNamed ? 0.075 : 0.042) * (air.time === 'sunset' || air.time === 'dawn' ? 1.35 : 1);
  if (isMoon) {
    addGlow(layers, x, y, radius * 6, air.light, 0.42);
    addFill(layers, ellipse(x, y, radius), moonShader(x, y, radius), { soft: 0.003 });
    return;
  }
  addGlow(layers, x, y, radius * 11, air.light, 0.5);
  addGlow(layers, x, y, radius * 4, air.light, 0.75);
  addFill(layers, ellipse(x, y, radius), mix(air.light, [1, 1, 0.94], 0.7), { soft: radius * 0.12 });
}

function moonShader(cx: number, cy: number, radius: number): Shader {
  return (x, y, out) => {
    const [u, v] = [(x - cx) / radius, (y - cy) / radius];
    const seas = smoothstep(0.5, 0.68, fbm(u * 0.22 + 0.31, v * 0.22 + 0.7));
    const edge = 1 - 0.22 * Math.min(1, u * u + v * v);
    out[0] = (0.97 - seas * 0.16) * edge;
    out[1] = (0.96 - seas * 0.15) * edge;
    out[2] = (0.9 - seas * 0.1) * edge;
  };
}

function cloudShader({ air, horizon, rng, width }: Stage): Shader {
  const random = rng.fork('clouds');
  const [u0, v0] = [random.next(), random.next()];
  const zoom = random.between(0.34, 0.5);
  const threshold = lerp(0.86, 0.16, air.cloudCover);
  const [lx, ly] = [air.toLight[0] * 0.02, air.toLight[1] * 0.02];
  const density = (x: number, y: number): number => {
    const flatten = 1.5 + (1.6 * y) / horizon;
    const warp = fbm(x * zoom * 0.6 + v0, y * zoom * flatten * 0.6 + u0) * 0.16;
    return fbm(x * zoom + u0 + warp, y * zoom * flatten + v0 + warp);
  };
  const [lit, shade] = [air.cloudLit, air.cloudShade];
  const lightX = air.lightX * width;
  return (x, y, out) => {
    const here = density(x, y);
    const cover = smoothstep(threshold, threshold + 0.22, here);
    out[3] = cover * 0.94 * smoothstep(horizon * 1.02, horizon * 0.72, y);
    if (cover <= 0) return;
    const slope = (here - density(x + lx, y + ly)) * 7;
    const nearLight = 0.25 * Math.exp(-Math.abs(x - lightX) * 2.2);
    const brightness = Math.min(1, Math.max(0, 0.62 + slope - (here - threshold) * 0.75 + nearLight));
    for (let channel = 0; channel < 3; channel += 1) {
      out[channel] = lerp(shade[channel] ?? 0, lit[channel] ?? 0, brightness);
    }
  };
}

function addAurora({ layers, width, horizon, rng }: Stage): void {
  const random = rng.fork('aurora');
  const [u, v] = [random.next(), random.next()];
  const [green, violet]: [Rgb, Rgb] = [rgb('4dffb0'), rgb('a05cff')];
  const shader: Shader = (x, y, out) => {
    let glow = 0;
    let height = 0;
    for (let curtain = 0; curtain < 3; curtain += 1) {
      const wave = fbm(x * 0.35 + u + curtain * 0.31, curtain * 0.27 + v);
      const foot = horizon * (0.42 + curtain * 0.15) + (wave - 0.5) * 0.42;
      const above = foot - y;
      const rays = 0.45 + 0.75 * fbm(x * 2.4 + u, curtain * 0.4 + v);
      if (above <= -0.07) continue;
      const strength = smoothstep(-0.07, 0.05, above) * Math.exp(-Math.max(0, above) * 5) * rays;
      glow += strength;
      height += strength * Math.min(1, above * 3);
    }
    const t = glow > 0 ? height / glow : 0;
    for (let channel = 0; channel < 3; channel += 1) out[channel] = lerp(green[channel] ?? 0, violet[channel] ?? 0, t);
    out[3] = Math.min(0.9, glow * 0.8);
  };
  addFill(layers, rectangle(0, 0, width, horizon), shader, { blend: 'screen' });
}

function addRainbow({ layers, width, horizon, air }: Stage): void {
  const bands: readonly Rgb[] = ['e0453a', 'f0913a', 'f5dd4a', '58b85a', '3f7fd6', '6a4fb5'].map(rgb);
  const [cx, cy, radius] = [
    width * (1 - air.lightX) * 0.5 + width * 0.25,
    horizon * 1.08,
    Math.min(horizon * 0.85, width * 0.6),
  ];
  const shader: Shader = (x, y, out) => {
    const t = (radius - Math.hypot(x - cx, y - cy)) / 0.085;
    out[3] = t > 0 && t < 1 ? Math.sin(Math.PI * t) ** 0.7 * 0.62 : 0;
    const place = Math.min(0.999, Math.max(0, t)) * (bands.length - 1);
    const [from, to] = [bands[Math.floor(place)], bands[Math.ceil(place)]];
    for (let channel = 0; channel < 3; channel += 1) {
      out[channel] = lerp(from?.[channel] ?? 0, to?.[channel] ?? 0, place % 1);
    }
  };
  addFill(layers, rectangle(0, 0, width, horizon), shader);
}
