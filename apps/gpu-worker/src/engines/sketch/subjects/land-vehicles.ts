import { mix, type Rgb, rgb, scale } from '../raster/color.ts';
import { blob, ellipse, polygon, rectangle, roundedRectangle, stroke } from '../raster/path.ts';
import type { Brush } from '../scene/brush.ts';

/** A car from the side, facing right; about 2.2 units long and one tall, wheels at the origin. */
export function paintCar(brush: Brush, color: Rgb | undefined): void {
  const body = color ?? rgb(brush.rng.pick(['c23a2e', '2f6fb0', 'e0b23a', '3f8f7a', 'd9d4cc']));
  brush.shadow(0, -0.02, 1.1);
  brush.form(
    blob('-1.12,-.3 -1.1,-.55 -.72,-.63 -.5,-.95 .22,-.97 .58,-.64 1.02,-.54 1.13,-.34 1.1,-.2 0,-.17 -1.08,-.19', 8),
    body,
    { volume: 0.3, texture: 0, rim: 0.9 },
  );
  const glass = brush.air.isDark ? rgb('26304a') : mix(rgb('8fb6cf'), brush.air.sky[2], 0.4);
  brush.fill(polygon('-.58,-.64 -.42,-.88 -.14,-.89 -.14,-.64'), glass);
  brush.fill(polygon('-.07,-.64 -.07,-.89 .2,-.89 .46,-.64'), glass);
  for (const x of [-0.5, 0.02])
    brush.fill(
      polygon([
        [x + 0.06, -0.66],
        [x + 0.2, -0.86],
        [x + 0.27, -0.86],
        [x + 0.13, -0.66],
      ]),
      rgb('ffffff'),
      { alpha: 0.3 },
    );
  brush.fill(stroke('-.11,-.62 -.12,-.25', [0.012, 0.012], 2), scale(body, 0.55));
  brush.fill(stroke('-1.08,-.42 0,-.4 1.06,-.42', [0.012, 0.016, 0.012]), mix(body, rgb('ffffff'), 0.5), {
    alpha: 0.7,
  });
  for (const x of [-0.66, 0.68]) {
    brush.fill(ellipse(x, -0.2, 0.255), scale(body, 0.28));
    brush.form(ellipse(x, -0.19, 0.21), rgb('23222a'), { volume: 0.15 });
    brush.form(ellipse(x, -0.19, 0.115), rgb('c3c8cf'), { volume: 0.3 });
    for (let spoke = 0; spoke < 5; spoke += 1) {
      const angle = (spoke / 5) * Math.PI * 2;
      brush.fill(
        stroke(
          [
            [x, -0.19],
            [x + Math.cos(angle) * 0.1, -0.19 + Math.sin(angle) * 0.1],
          ],
          [0.025, 0.018],
          1,
        ),
        rgb('6f757d'),
      );
    }
  }
  brush.fill(ellipse(1.04, -0.42, 0.055, 0.07), rgb('fff3c4'), { isLit: true });
  brush.fill(ellipse(-1.07, -0.42, 0.04, 0.065), rgb('e23a2e'), { isLit: brush.air.isDark });
  if (!brush.air.isDark) return;
  brush.fill(polygon('1.06,-.45 2.6,-.7 2.6,.05 1.06,-.38'), rgb('ffefb8'), {
    alpha: 0.4,
    soft: 0.08,
    blend: 'screen',
    isLit: true,
  });
  brush.glow(1.06, -0.42, 0.6, rgb('ffefb8'), 0.8);
}

/** A steam train, facing right, wheels at the origin, one unit tall. */
export function paintTrain(brush: Brush, color: Rgb | undefined): void {
  const paint = color ?? rgb(brush.rng.pick(['2f4f3f', '7a2a2a', '2c3f66']));
  brush.fill(rectangle(-3.4, 0.02, 5.2, 0.035), rgb('5a5048'));
  for (const x of [-2.7, -1.45]) {
    brush.form(roundedRectangle(x - 0.55, -0.82, 1.1, 0.66, 0.06), scale(paint, 1.1), { volume: 0.15 });
    brush.fill(rectangle(x - 0.58, -0.86, 1.16, 0.07), scale(paint, 0.6));
    for (const wx of [-0.38, -0.06, 0.26])
      brush.fill(rectangle(x + wx - 0.04, -0.66, 0.2, 0.22), brush.air.isDark ? rgb('ffd98a') : rgb('bcd6e2'), {
        isLit: brush.air.isDark,
      });
  }
  brush.form(roundedRectangle(-0.8, -0.95, 0.6, 0.8, 0.04), paint, { volume: 0.2 });
  brush.fill(rectangle(-0.86, -1.0, 0.72, 0.08), scale(paint, 0.5));
  brush.fill(rectangle(-0.64, -0.8, 0.28, 0.26), brush.air.isDark ? rgb('ffd98a') : rgb('bcd6e2'), {
    isLit: brush.air.isDark,
  });
  brush.form(roundedRectangle(-0.25, -0.68, 1.2, 0.48, 0.14), scale(paint, 0.9), { volume: 0.4, rim: 0.8 });
  for (const x of [0, 0.3, 0.6]) brush.fill(rectangle(x, -0.68, 0.025, 0.48), rgb('d9b45a'));
  brush.form(polygon('.62,-.66 .58,-1.05 .86,-1.05 .8,-.66'), rgb('2a2628'));
  brush.form(polygon('.88,-.22 1.3,.02 .88,.02'), rgb('8a3a2e'));
  for (let puff = 0; puff < 9; puff += 1) {
    const t = puff / 8;
    brush.fill(
      ellipse(0.7 - t * 1.9, -1.2 - t * 0.45 - Math.sin(puff * 2.1) * 0.05, 0.12 + t * 0.2),
      mix(rgb('f4f2f0'), brush.air.haze, 0.35),
      { alpha: 0.6 * (1 - t * 0.6), soft: 0.12 },
    );
  }
  for (const [x, radius] of [
    [-3, 0.12],
    [-2.4, 0.12],
    [-1.75, 0.12],
    [-1.15, 0.12],
    [-0.55, 0.2],
    [-0.08, 0.2],
    [0.38, 0.2],
    [0.8, 0.12],
  ] as const) {
    brush.form(ellipse(x, -radius + 0.02, radius), rgb('8c2f2a'), { volume: 0.2 });
    brush.fill(ellipse(x, -radius + 0.02, radius * 0.35), rgb('d9b45a'));
  }
  brush.glow(0.98, -0.45, 0.4, rgb('fff0c0'), brush.air.isDark ? 1 : 0.3);
}
