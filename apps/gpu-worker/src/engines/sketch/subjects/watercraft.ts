import { mix, type Rgb, rgb, scale } from '../raster/color.ts';
import { blob, ellipse, polygon, rectangle, stroke } from '../raster/path.ts';
import type { Brush } from '../scene/brush.ts';

/** The dark shape and the broken mirror image below something that floats. */
function paintReflection(brush: Brush, width: number, tall: number, color: Rgb): void {
  for (let bar = 0; bar < 9; bar += 1) {
    const t = bar / 8;
    const half = width * (0.52 - t * 0.3) * brush.rng.between(0.7, 1.1);
    const shift = brush.rng.between(-0.04, 0.04) * width;
    brush.fill(ellipse(shift, 0.02 + t * tall, half, 0.012 + 0.006 * t), mix(scale(color, 0.6), brush.air.haze, 0.15), {
      alpha: 0.5 * (1 - t * 0.75),
      soft: 0.012,
    });
  }
}

/** A sailing boat, one unit tall, its water-line at the origin. */
export function paintSailboat(brush: Brush, color: Rgb | undefined): void {
  const { rng } = brush;
  const hull = color ?? rgb(rng.pick(['b5432f', '2f4f74', 'efe8da', '3f6f5c']));
  const sail = rgb(rng.pick(['fbf6ea', 'fbf6ea', 'f2d9b0']));
  paintReflection(brush, 0.75, 0.3, mix(sail, hull, 0.5));
  brush.form(stroke('.02,-.1 .02,-1.0', [0.022, 0.014], 2), rgb('6b4f38'));
  brush.form(blob('0,-.97 -.08,-.7 -.24,-.4 -.4,-.21 -.2,-.19 0,-.2 0,-.6', 6), sail, { volume: 0.3, rim: 0.6 });
  brush.form(blob('.045,-.93 .12,-.68 .27,-.42 .33,-.24 .2,-.2 .045,-.2', 6), scale(sail, 0.94), {
    volume: 0.3,
    rim: 0.6,
  });
  for (const y of [-0.42, -0.62])
    brush.fill(
      stroke(
        [
          [-0.01, y],
          [-0.12, y + 0.01],
          [-0.24 - y * -0.1 + 0.1, y + 0.04],
        ],
        [0.005, 0.005, 0.002],
      ),
      scale(sail, 0.75),
      { alpha: 0.7 },
    );
  brush.form(blob('-.42,-.14 -.2,-.125 .2,-.125 .46,-.17 .36,-.02 .28,.03 -.28,.03 -.36,-.02'), hull, {
    volume: 0.35,
    rim: 0.6,
  });
  brush.fill(stroke('-.41,-.12 0,-.1 .43,-.145', [0.02, 0.02, 0.02]), mix(hull, rgb('fff6e6'), 0.65));
  brush.fill(polygon('.02,-1.04 .14,-1.01 .02,-.98'), rgb('d8433a'));
  brush.fill(stroke('-.42,.03 0,.045 .46,.03', [0.006, 0.022, 0.006]), rgb('f4f8fa'), { alpha: 0.55, soft: 0.012 });
}

/** A three-masted ship under square sails, one unit tall. */
export function paintShip(brush: Brush, color: Rgb | undefined): void {
  const hull = color ?? rgb('5a3a26');
  const canvas = rgb('f1e4c8');
  paintReflection(brush, 1.1, 0.34, hull);
  brush.form(stroke('.4,-.2 .68,-.38', [0.024, 0.01], 2), rgb('4a3424'));
  for (const [x, high] of [
    [-0.32, 0.82],
    [0, 1],
    [0.3, 0.85],
  ] as const) {
    brush.form(
      stroke(
        [
          [x, -0.1],
          [x, -high],
        ],
        [0.026, 0.012],
        2,
      ),
      rgb('4a3424'),
    );
    for (const [level, width] of [
      [0.3, 0.15],
      [0.56, 0.125],
      [0.78, 0.09],
    ] as const) {
      const [top, bottom] = [-(level + 0.2) * high, -level * high];
      brush.form(
        blob(
          [
            [x - width * 0.9, top],
            [x + width * 0.9, top],
            [x + width * 1.25, (top + bottom) / 2 + 0.02],
            [x + width, bottom],
            [x, bottom - 0.02],
            [x - width, bottom],
            [x - width * 0.75, (top + bottom) / 2],
          ],
          6,
        ),
        canvas,
        { volume: 0.25, rim: 0.5 },
      );
    }
    brush.fill(
      polygon([
        [x, -high - 0.05],
        [x + 0.1, -high - 0.03],
        [x, -high],
      ]),
      rgb('c8352e'),
    );
  }
  brush.form(polygon('.42,-.24 .64,-.36 .34,-.6'), scale(canvas, 0.95), { volume: 0.1 });
  brush.form(blob('-.54,-.3 -.38,-.27 -.34,-.17 .3,-.17 .52,-.23 .44,-.04 .34,.04 -.4,.04 -.5,-.08', 6), hull, {
    volume: 0.3,
    texture: 0.5,
  });
  brush.fill(stroke('-.5,-.14 -.3,-.11 .3,-.11 .47,-.15', [0.022, 0.022, 0.022]), rgb('d9b45a'));
  for (const x of [-0.36, -0.22, -0.08, 0.06, 0.2, 0.32])
    brush.fill(rectangle(x - 0.014, -0.085, 0.028, 0.028), rgb('20140e'));
  brush.fill(stroke('-.5,.04 0,.055 .46,.04', [0.008, 0.03, 0.008]), rgb('f4f8fa'), { alpha: 0.6, soft: 0.015 });
}
