import { mix, type Rgb, rgb, scale } from '../raster/color.ts';
import { blob, ellipse, type Path, stroke } from '../raster/path.ts';
import type { Brush } from '../scene/brush.ts';

/** A fish swimming to the right, one unit long, its middle at the origin. */
export function paintFish(brush: Brush, color: Rgb | undefined): void {
  const { rng } = brush;
  const skin = color ?? rgb(rng.pick(['f0812d', 'e9b62f', '4a8fd0', 'd95a6a', '8fb3c9']));
  const fin = mix(skin, rgb('fff0d0'), 0.25);
  const body: Path = blob('.5,.01 .36,-.13 .12,-.21 -.14,-.15 -.3,-.05 -.3,.06 -.14,.16 .12,.2 .36,.12');
  brush.form(blob('-.26,0 -.4,-.14 -.56,-.22 -.48,0 -.56,.22 -.4,.14'), fin, { rim: 0.6 });
  brush.form(blob('.22,-.17 .08,-.33 -.14,-.3 -.18,-.12'), fin, { rim: 0.6 });
  brush.form(blob('.06,.17 -.04,.3 -.18,.26 -.14,.12'), fin, { rim: 0.6 });
  brush.form(body, skin, { volume: 0.45, rim: 0.8 });
  if (rng.chance(0.6)) {
    for (const [x, wide] of [
      [0.2, 0.075],
      [-0.05, 0.065],
      [-0.24, 0.04],
    ] as const) {
      brush.form(
        stroke(
          [
            [x, -0.26],
            [x + 0.03, 0],
            [x, 0.26],
          ],
          [wide, wide * 1.3, wide],
        ),
        rgb('fff6ea'),
        { clip: body, volume: 0 },
      );
    }
  }
  for (let row = -2; row <= 2; row += 1) {
    for (let column = 0; column < 6; column += 1) {
      const [x, y] = [0.2 - column * 0.085 - (row % 2) * 0.04, row * 0.062];
      brush.fill(
        stroke(
          [
            [x - 0.01, y - 0.03],
            [x - 0.035, y],
            [x - 0.01, y + 0.03],
          ],
          [0.003, 0.009, 0.003],
        ),
        scale(skin, 0.6),
        { alpha: 0.45, clip: body },
      );
    }
  }
  brush.fill(stroke('.28,-.12 .24,0 .28,.12', [0.004, 0.014, 0.004]), scale(skin, 0.55), { alpha: 0.8 });
  brush.form(blob('.16,.03 .02,.02 -.03,.12 .1,.1'), fin, { rim: 0.7 });
  brush.fill(ellipse(0.36, -0.045, 0.042), rgb('fffdf5'));
  brush.fill(ellipse(0.367, -0.045, 0.026), rgb('100c10'));
  brush.fill(ellipse(0.375, -0.055, 0.009), rgb('ffffff'), { isLit: true });
  brush.fill(stroke('.49,.03 .44,.055 .41,.05', [0.003, 0.01, 0.003]), scale(skin, 0.45));
}

/** A whale, one unit long, its middle at the origin, facing right. */
export function paintWhale(brush: Brush, color: Rgb | undefined): void {
  const skin = color ?? rgb('3d5f82');
  const body = blob('.52,-.02 .44,-.16 .2,-.22 -.08,-.17 -.32,-.09 -.47,-.1 -.5,-.03 -.34,.03 -.1,.14 .2,.19 .44,.13');
  brush.form(blob('-.42,-.08 -.5,-.24 -.66,-.3 -.58,-.16 -.7,-.04 -.54,-.04'), skin);
  brush.form(body, skin, { volume: 0.4, rim: 0.7 });
  brush.form(blob('.52,.0 .3,.05 .05,.06 -.12,.12 .14,.24 .46,.18'), rgb('dfe6ea'), { clip: body, volume: 0.2 });
  for (const y of [0.075, 0.105, 0.135])
    brush.fill(
      stroke(
        [
          [0.47, y - 0.03],
          [0.25, y + 0.01],
          [0.05, y],
        ],
        [0.006, 0.008, 0.002],
      ),
      rgb('8fa3b2'),
      { clip: body, alpha: 0.8 },
    );
  brush.form(blob('.2,.08 .16,.26 .04,.32 .06,.12'), scale(skin, 0.75));
  brush.fill(ellipse(0.37, 0.01, 0.016), rgb('0c1016'));
  for (const side of [-1, 1]) {
    brush.fill(
      stroke(
        [
          [0.24, -0.22],
          [0.24 + side * 0.02, -0.36],
          [0.24 + side * 0.12, -0.42],
          [0.24 + side * 0.17, -0.33],
        ],
        [0.012, 0.03, 0.035, 0.006],
      ),
      rgb('e6f2f8'),
      { alpha: 0.8, soft: 0.01 },
    );
  }
}
