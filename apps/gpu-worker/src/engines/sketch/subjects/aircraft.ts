import { mix, type Rgb, rgb } from '../raster/color.ts';
import {
  blob,
  ellipse,
  joined,
  type Point,
  polygon,
  rectangle,
  roundedRectangle,
  stroke,
  mirrored,
} from '../raster/path.ts';
import type { Brush } from '../scene/brush.ts';

/** A rocket, one unit tall with its flame, nozzle at the origin. */
export function paintRocket(brush: Brush, color: Rgb | undefined): void {
  const trim = color ?? rgb(brush.rng.pick(['d8433a', '2f6fc0', 'e8983a']));
  brush.glow(0, 0.16, 0.55, rgb('ffb04a'), 0.9);
  for (const [size, tone] of [
    [1, 'f0662a'],
    [0.72, 'ffb43a'],
    [0.45, 'fff2b0'],
  ] as const) {
    brush.fill(
      blob([
        [-0.09 * size, -0.06],
        [-0.11 * size, 0.12 * size],
        [0, 0.46 * size],
        [0.11 * size, 0.12 * size],
        [0.09 * size, -0.06],
      ]),
      rgb(tone),
      { isLit: true, soft: 0.02 },
    );
  }
  for (const side of [-1, 1]) {
    brush.form(mirrored(side, polygon('.13,-.34 .29,-.1 .29,.04 .11,-.06')), trim, { rim: 0.7 });
  }
  const hull: Point[] = [
    [0, -1],
    [0.1, -0.82],
    [0.155, -0.55],
    [0.15, -0.25],
    [0.1, -0.03],
    [-0.1, -0.03],
    [-0.15, -0.25],
    [-0.155, -0.55],
    [-0.1, -0.82],
  ];
  const body = blob(hull);
  brush.form(body, rgb('eef0f4'), { volume: 0.45, rim: 0.9 });
  brush.form(rectangle(-0.2, -1.05, 0.4, 0.27), trim, { clip: body, volume: 0.3 });
  brush.form(rectangle(-0.2, -0.2, 0.4, 0.05), trim, { clip: body, volume: 0 });
  brush.form(ellipse(0, -0.58, 0.075), rgb('4a525e'), { volume: 0.2 });
  brush.fill(ellipse(0, -0.58, 0.055), rgb('7fd0f0'), { isLit: true });
  brush.fill(ellipse(-0.018, -0.6, 0.018), rgb('ffffff'), { isLit: true, alpha: 0.9 });
  brush.fill(stroke('0,-.15 0,0', [0.03, 0.03], 1), trim);
  brush.fill(joined(rectangle(-0.08, -0.05, 0.16, 0.035)), rgb('3a4049'));
}

/** A hot-air balloon, one unit tall, its middle at the origin. */
export function paintBalloon(brush: Brush, color: Rgb | undefined): void {
  const { rng } = brush;
  const first = color ?? rgb(rng.pick(['d8433a', 'e8983a', '3f7fd0', '8a4fb5', '2f9a7a']));
  const second = mix(first, rgb(rng.pick(['fff3d8', 'ffd75a', 'fff3d8'])), 0.85);
  const envelope = blob(
    '0,-.5 .22,-.45 .36,-.27 .35,-.05 .22,.13 .07,.28 -.07,.28 -.22,.13 -.35,-.05 -.36,-.27 -.22,-.45',
  );
  brush.form(envelope, first, { volume: 0.4, rim: 0.8 });
  for (const [inner, outer] of [
    [-0.82, -0.5],
    [-0.17, 0.17],
    [0.5, 0.82],
  ] as const) {
    const gore = (edge: number): Point[] => [
      [edge * 0.06, -0.5],
      [edge * 0.36, -0.2],
      [edge * 0.34, 0],
      [edge * 0.07, 0.28],
    ];
    brush.form(polygon([...withMiddles(gore(inner)), ...withMiddles(gore(outer)).reverse()]), second, {
      clip: envelope,
      volume: 0,
      texture: 0.05,
      alpha: 0.92,
    });
  }
  brush.form(envelope, first, { alpha: 0.12, volume: 0.45, rim: 0.8 });
  for (const x of [-0.06, 0.06])
    brush.fill(
      stroke(
        [
          [x, 0.28],
          [x * 0.8, 0.42],
        ],
        [0.006, 0.006],
        1,
      ),
      rgb('4a3a30'),
    );
  brush.form(roundedRectangle(-0.06, 0.41, 0.12, 0.09, 0.015), rgb('8a5f3a'), { texture: 0.8 });
  if (brush.air.isDark) brush.glow(0, 0.15, 0.5, rgb('ffb04a'), 0.75);
}

/** Doubles the points of a gore so that its sides bend with the envelope. */
function withMiddles(points: readonly Point[]): Point[] {
  return points.flatMap(([x, y], index): Point[] => {
    const [nx, ny] = points[index + 1] ?? [x, y];
    return [
      [x, y],
      [(x + nx) / 2 + (x + nx) * 0.04, (y + ny) / 2],
    ];
  });
}
