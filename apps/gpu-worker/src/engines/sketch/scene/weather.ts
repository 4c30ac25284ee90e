import { lerp, mix, type Rgb, smoothstep } from '../raster/color.ts';
import { addFill, type Shader } from '../raster/layer.ts';
import { fbm } from '../raster/noise.ts';
import { ellipse, polygon, rectangle, type Point, stroke } from '../raster/path.ts';
import { addGlow } from './brush.ts';
import type { Stage } from './stage.ts';

/** What falls and drifts between the viewer and the scene. */
export function paintWeather(stage: Stage): void {
  const { weather } = stage.reading;
  if (weather.has('fog')) addFog(stage);
  if (weather.has('rain') || weather.has('storm')) addRain(stage);
  if (weather.has('snow')) addSnow(stage);
}

/** A forked flash; belongs behind the land. */
export function paintLightning({ layers, width, horizon, rng }: Stage): void {
  const random = rng.fork('lightning');
  const points: Point[] = [];
  let x = width * random.between(0.25, 0.75);
  for (let step = 0; step <= 9; step += 1) {
    points.push([x, (horizon * 0.92 * step) / 9 + 0.02]);
    x += random.between(-0.06, 0.06);
  }
  const [mx, my] = points[4] ?? [x, horizon / 2];
  addGlow(layers, mx, my, 0.6, [0.75, 0.75, 1], 0.55);
  const branch: Point[] = [
    [mx, my],
    [mx + 0.07, my + 0.09],
    [mx + 0.06, my + 0.16],
    [mx + 0.12, my + 0.24],
  ];
  for (const [line, wide] of [
    [points, 0.009],
    [branch, 0.005],
  ] as const) {
    addFill(layers, stroke(line, [wide, wide * 0.3], 1), [0.93, 0.92, 1]);
    addFill(layers, stroke(line, [wide * 4, wide], 1), [0.7, 0.7, 1], { alpha: 0.4, soft: 0.012, blend: 'screen' });
  }
}

function addFog({ layers, width, height, horizon, air, rng }: Stage): void {
  const [u, v] = [rng.fork('fog').next(), rng.fork('fog 2').next()];
  const color = mix(air.haze, [0.9, 0.92, 0.94], air.isDark ? 0.08 : 0.35);
  const shader: Shader = (x, y, out) => {
    const band = Math.exp(-(((y - horizon * 1.02) / 0.3) ** 2));
    const drift = fbm(x * 0.3 + u, y * 0.9 + v);
    [out[0], out[1], out[2]] = color;
    out[3] = Math.min(0.9, band * (0.45 + drift * 0.6) + smoothstep(0.5, 0.75, drift) * 0.25);
  };
  addFill(layers, rectangle(0, 0, width, height), shader);
}

function addRain({ layers, width, height, rng, air }: Stage): void {
  const random = rng.fork('rain');
  const color: Rgb = mix([0.82, 0.87, 0.95], air.haze, 0.3);
  for (let drop = 0; drop < 260 * width * height; drop += 1) {
    const [x, y] = [random.between(-0.05, width + 0.05), random.between(-0.05, height)];
    const length = random.between(0.03, 0.09);
    const wide = random.between(0.0009, 0.002);
    const slant = length * 0.18;
    addFill(
      layers,
      polygon([
        [x, y],
        [x + wide, y],
        [x - slant + wide, y + length],
        [x - slant, y + length],
      ]),
      color,
      {
        alpha: random.between(0.18, 0.5),
      },
    );
  }
}

function addSnow({ layers, width, height, rng }: Stage): void {
  const random = rng.fork('snow');
  for (let flake = 0; flake < 240 * width * height; flake += 1) {
    const near = random.next() ** 5;
    const radius = lerp(0.0016, 0.009, near);
    addFill(layers, ellipse(random.between(0, width), random.between(0, height), radius), [0.98, 0.99, 1], {
      alpha: lerp(0.85, 0.5, near),
      soft: near > 0.4 ? radius : 0,
    });
  }
}
