import { mix, type Rgb, rgb, scale } from '../raster/color.ts';
import { blob, ellipse, type Path, type Point, stroke, turned, mirrored } from '../raster/path.ts';
import type { Brush } from '../scene/brush.ts';

type FlowerKind = 'flower' | 'rose' | 'tulip' | 'sunflower';

const PETALS: Record<FlowerKind, readonly [string, ...string[]]> = {
  flower: ['f7f3ec', 'f28fb0', 'b98ae0', 'f2c14a', '7fa8ec', 'e8604a'],
  rose: ['c81f3a', 'e8708a', 'f6e6dc', 'f0b84a'],
  tulip: ['e0403a', 'f2b53a', 'e070a8', '8a3f9a', 'f7efe6'],
  sunflower: ['f6bd26'],
};

/** A flower on its stem, root at the origin, one unit tall. */
export function paintFlower(brush: Brush, kind: FlowerKind, color: Rgb | undefined): void {
  const { rng } = brush;
  const petal = color ?? rgb(rng.pick(PETALS[kind]));
  const green = rgb('4a8a3c');
  const bend = rng.between(-0.06, 0.06);
  brush.form(
    stroke(
      [
        [0, 0.02],
        [bend, -0.4],
        [0, -0.72],
      ],
      [0.035, 0.03, 0.026],
    ),
    green,
    { volume: 0.4 },
  );
  for (const side of [-1, 1]) {
    const y = side < 0 ? -0.28 : -0.4;
    const leaf =
      kind === 'tulip'
        ? mirrored(side, stroke('0,-.02 .13,-.26 .17,-.52', [0.02, 0.09, 0.004]))
        : blob([
            [bend, y],
            [side * 0.12 + bend, y - 0.11],
            [side * 0.27 + bend, y - 0.12],
            [side * 0.15 + bend, y - 0.01],
          ]);
    brush.form(leaf, scale(green, rng.between(0.8, 1.1)), { rim: 0.6 });
  }
  if (kind === 'rose') paintRoseHead(brush, petal);
  else if (kind === 'tulip') paintTulipHead(brush, petal);
  else paintDaisyHead(brush, petal, kind === 'sunflower');
}

function paintDaisyHead(brush: Brush, petal: Rgb, isSunflower: boolean): void {
  const [cx, cy] = [0, -0.76];
  const rings = isSunflower ? 3 : 2;
  const count = isSunflower ? 17 : 11;
  for (let ring = 0; ring < rings; ring += 1) {
    const reach = 0.25 - ring * 0.025;
    for (let index = 0; index < count; index += 1) {
      const angle = ((index + ring / rings) / count) * Math.PI * 2;
      const shape = blob(
        [
          [cx, cy],
          [cx + 0.035, cy - reach * 0.6],
          [cx + 0.012, cy - reach],
          [cx - 0.012, cy - reach],
          [cx - 0.035, cy - reach * 0.6],
        ],
        5,
      );
      brush.form(turned(shape, angle, cx, cy), scale(petal, brush.rng.between(0.84, 1.06) + ring * 0.04), {
        volume: 0.3,
        rim: 0.35,
      });
    }
  }
  const heart = isSunflower ? rgb('4a2c17') : rgb('eab530');
  const radius = isSunflower ? 0.11 : 0.068;
  brush.form(ellipse(cx, cy, radius), heart, { texture: 1, volume: 0.35 });
  for (let seed = 1; seed < 60; seed += 1) {
    const [angle, distance] = [seed * 2.399_963, Math.sqrt(seed / 60) * radius * 0.92];
    brush.fill(
      ellipse(cx + Math.cos(angle) * distance, cy + Math.sin(angle) * distance, radius * 0.055),
      mix(heart, rgb(isSunflower ? 'c98a2f' : '9a5f14'), 0.6),
      { alpha: 0.75 },
    );
  }
}

function paintTulipHead(brush: Brush, petal: Rgb): void {
  const outer = (side: number): Path => mirrored(side, blob('0,-.66 .12,-.7 .165,-.83 .13,-1.0 .05,-.88 .01,-.76'));
  brush.form(blob('-.09,-.7 -.07,-.9 0,-1.0 .07,-.9 .09,-.7'), scale(petal, 0.72));
  brush.form(outer(-1), scale(petal, 0.95), { rim: 0.6 });
  brush.form(outer(1), petal, { rim: 0.6 });
  brush.form(blob('0,-.65 -.085,-.71 -.085,-.83 0,-.95 .085,-.83 .085,-.71'), scale(petal, 1.08), { rim: 0.5 });
}

function paintRoseHead(brush: Brush, petal: Rgb): void {
  const [cx, cy] = [0, -0.79];
  for (let layer = 0; layer < 4; layer += 1) {
    const radius = 0.2 - layer * 0.046;
    const count = 6 - layer;
    for (let index = 0; index < count; index += 1) {
      const angle = (index / count) * Math.PI * 2 + layer * 0.75;
      const [x, y] = [cx + Math.cos(angle) * radius * 0.5, cy + Math.sin(angle) * radius * 0.42];
      const wide = radius * 0.72;
      const points: Point[] = Array.from({ length: 8 }, (_, step) => {
        const turn = (step / 8) * Math.PI * 2;
        const reach = wide * brush.rng.between(0.9, 1.08);
        return [x + Math.cos(turn) * reach, y + Math.sin(turn) * reach * 0.88];
      });
      brush.form(blob(points, 5), scale(petal, 0.72 + layer * 0.09 + brush.rng.between(-0.05, 0.07)), {
        volume: 0.35,
        rim: 0.55,
      });
    }
  }
  for (let turn = 0; turn < 3; turn += 1) {
    const r = 0.052 - turn * 0.014;
    brush.fill(
      stroke(
        [
          [cx - r, cy],
          [cx, cy - r * 0.9],
          [cx + r, cy],
          [cx + r * 0.2, cy + r * 0.8],
        ],
        [0.005, 0.014, 0.01, 0.003],
      ),
      scale(petal, 0.5),
      { alpha: 0.85 },
    );
  }
}

/** A butterfly with open wings, one unit wide, its middle at the origin. */
export function paintButterfly(brush: Brush, color: Rgb | undefined): void {
  const wing = color ?? rgb(brush.rng.pick(['f0862d', '3f8fe0', 'e8c33a', 'b06fd0']));
  const edge = rgb('2a1c20');
  for (const side of [-1, 1]) {
    const upper = mirrored(side, blob('.02,-.04 .18,-.34 .42,-.42 .5,-.28 .4,-.08 .2,.01'));
    const lower = mirrored(side, blob('.02,0 .24,.03 .36,.14 .28,.33 .14,.34 .05,.16'));
    for (const [shape, x, y] of [
      [lower, 0.19, 0.16],
      [upper, 0.27, -0.2],
    ] as const) {
      brush.form(shape, edge, { rim: 0.6 });
      const inner = shape.map((ring) =>
        ring.map((value, index) => (index % 2 === 0 ? side * x + (value - side * x) * 0.8 : y + (value - y) * 0.8)),
      );
      brush.form(inner, wing, { volume: 0.25, rim: 0.7 });
      for (const fan of [-0.5, 0, 0.5])
        brush.fill(
          stroke(
            [
              [side * 0.03, -0.01],
              [side * (x + 0.06), y + fan * 0.22],
            ],
            [0.012, 0.005],
            2,
          ),
          edge,
          { alpha: 0.7, clip: shape },
        );
      brush.fill(ellipse(side * (x + 0.1), y * 1.25, 0.03), rgb('fff6e6'), { clip: shape, alpha: 0.9 });
    }
    brush.fill(mirrored(side, stroke('0,-.12 .05,-.26 .1,-.32', [0.008, 0.006, 0.012])), edge);
  }
  brush.form(ellipse(0, 0.02, 0.026, 0.17), edge);
}
