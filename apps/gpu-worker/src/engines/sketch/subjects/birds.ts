import { mix, type Rgb, rgb, scale } from '../raster/color.ts';
import { blob, ellipse, polygon, stroke, mirrored } from '../raster/path.ts';
import type { Brush } from '../scene/brush.ts';

function paintBranch(brush: Brush): void {
  brush.form(stroke('-.9,.02 -.4,-.05 .1,-.02 .5,-.06 .95,-.12', [0.1, 0.085, 0.07, 0.05, 0.02]), rgb('5d4433'), {
    texture: 0.6,
  });
  for (const [x, y, turn] of [
    [-0.55, -0.12, -0.6],
    [0.62, -0.16, -0.4],
    [0.8, -0.02, 0.5],
    [-0.3, 0.06, 0.6],
  ] as const) {
    brush.form(ellipse(x, y, 0.1, 0.04, turn), mix(brush.air.foliage, rgb('8fc04a'), 0.4), { rim: 0.6 });
  }
}

/** A songbird on a branch, facing right; the branch at the origin, one unit tall. */
export function paintSongbird(brush: Brush, color: Rgb | undefined): void {
  const back = color ?? rgb(brush.rng.pick(['3f6fb0', '7a5a42', '4f8a5c', 'b0483a']));
  const breast =
    color === undefined ? rgb(brush.rng.pick(['e8894a', 'f2dfb8', 'f0cf5a'])) : mix(color, rgb('fff0dc'), 0.6);
  paintBranch(brush);
  brush.form(stroke('-.14,-.3 -.38,-.16 -.6,.06', [0.16, 0.13, 0.1]), scale(back, 0.75));
  for (const x of [0.02, 0.12])
    brush.fill(
      stroke(
        [
          [x, -0.2],
          [x + 0.01, -0.04],
          [x + 0.06, -0.03],
        ],
        [0.022, 0.018, 0.012],
      ),
      rgb('6b4a30'),
    );
  brush.form(
    blob(
      '.13,-.97 .27,-.92 .32,-.8 .31,-.62 .33,-.45 .24,-.24 .06,-.14 -.14,-.2 -.25,-.34 -.16,-.55 -.03,-.72 .01,-.88',
    ),
    back,
    { texture: 0.35, rim: 0.6 },
  );
  brush.form(blob('.29,-.72 .33,-.45 .24,-.24 .08,-.15 .02,-.24 .12,-.45 .2,-.66'), breast, {
    soft: 0.04,
    volume: 0.2,
    rim: 0.3,
  });
  brush.form(blob('.06,-.6 .12,-.42 .02,-.28 -.2,-.17 -.36,-.12 -.24,-.34 -.1,-.54'), scale(back, 0.68), { rim: 0.7 });
  for (const [x, y] of [
    [-0.02, -0.34],
    [-0.08, -0.29],
    [-0.14, -0.24],
  ] as const) {
    brush.fill(
      stroke(
        [
          [x + 0.06, y - 0.04],
          [x - 0.08, y + 0.03],
          [x - 0.19, y + 0.09],
        ],
        [0.004, 0.014, 0.003],
      ),
      mix(back, rgb('fff4e0'), 0.55),
      { alpha: 0.8 },
    );
  }
  brush.form(polygon('.3,-.86 .45,-.79 .3,-.75'), rgb('e0a13a'), { rim: 0.8 });
  brush.fill(ellipse(0.215, -0.835, 0.037), mix(back, rgb('fff4e0'), 0.5));
  brush.fill(ellipse(0.218, -0.835, 0.028), rgb('120c0c'));
  brush.fill(ellipse(0.228, -0.846, 0.009), rgb('ffffff'), { isLit: true });
}

/** An owl on a branch, seen from the front. */
export function paintOwl(brush: Brush, color: Rgb | undefined): void {
  const plumage = color ?? rgb(brush.rng.pick(['8a6a4a', 'a08468', '6f6660', 'd9d2c6']));
  const pale = mix(plumage, rgb('fff2dc'), 0.6);
  paintBranch(brush);
  brush.form(
    blob(
      '-.26,-.98 -.17,-.9 0,-.88 .17,-.9 .26,-.98 .29,-.78 .3,-.5 .24,-.18 .08,-.02 -.08,-.02 -.24,-.18 -.3,-.5 -.29,-.78',
    ),
    plumage,
    { texture: 0.6, rim: 0.6 },
  );
  brush.form(blob('-.15,-.56 .15,-.56 .18,-.3 0,-.08 -.18,-.3'), pale, { soft: 0.03, volume: 0.15, rim: 0.1 });
  for (let row = 0; row < 5; row += 1) {
    for (let column = -2; column <= 2; column += 1) {
      const [x, y] = [(column + (row % 2) * 0.5) * 0.062, -0.5 + row * 0.078];
      if (Math.abs(x) < 0.15 - row * 0.014)
        brush.fill(
          stroke(
            [
              [x - 0.022, y],
              [x, y + 0.026],
              [x + 0.022, y],
            ],
            [0.004, 0.015, 0.004],
          ),
          scale(plumage, 0.65),
          { alpha: 0.8 },
        );
    }
  }
  for (const side of [-1, 1]) {
    brush.form(mirrored(side, blob('.25,-.6 .33,-.42 .27,-.12 .15,-.1 .2,-.35')), scale(plumage, 0.72), {
      texture: 0.5,
    });
    brush.form(ellipse(side * 0.125, -0.73, 0.135, 0.13), pale, { volume: 0.2, rim: 0.2 });
    brush.fill(ellipse(side * 0.12, -0.73, 0.078), rgb('f2b632'), { isLit: brush.air.isDark });
    brush.fill(ellipse(side * 0.12, -0.73, 0.05), rgb('0e0a0c'));
    brush.fill(ellipse(side * 0.12 + 0.02, -0.755, 0.017), rgb('ffffff'), { isLit: true });
    for (const toe of [-0.04, 0, 0.04]) brush.form(ellipse(side * 0.1 + toe, -0.035, 0.02, 0.038), rgb('c9973f'));
  }
  brush.form(polygon('-.03,-.7 .03,-.7 0,-.6'), rgb('d9a441'), { rim: 0.8 });
}

/** A penguin, feet at the origin, one unit tall. */
export function paintPenguin(brush: Brush): void {
  const coat = rgb('2c303c');
  brush.shadow(0, 0, 0.3);
  for (const side of [-1, 1]) {
    brush.form(ellipse(side * 0.11, -0.02, 0.1, 0.035), rgb('e8983a'));
    brush.form(mirrored(side, blob('.22,-.66 .33,-.42 .34,-.24 .25,-.34 .2,-.5')), scale(coat, 0.85));
  }
  brush.form(
    blob(
      '0,-1 .13,-.95 .16,-.82 .2,-.68 .26,-.42 .24,-.14 .12,-.02 -.12,-.02 -.24,-.14 -.26,-.42 -.2,-.68 -.16,-.82 -.13,-.95',
    ),
    coat,
    { rim: 0.7 },
  );
  brush.form(blob('0,-.68 .12,-.64 .19,-.4 .17,-.14 0,-.04 -.17,-.14 -.19,-.4 -.12,-.64'), rgb('f6f4f0'), {
    volume: 0.2,
  });
  for (const side of [-1, 1]) {
    brush.fill(ellipse(side * 0.125, -0.76, 0.045, 0.075, side * 0.4), rgb('f2b84a'), { soft: 0.02 });
    brush.fill(ellipse(side * 0.06, -0.87, 0.026), rgb('f6f4f0'));
    brush.fill(ellipse(side * 0.058, -0.868, 0.017), rgb('0c0a0c'));
  }
  brush.form(polygon('-.045,-.83 .045,-.83 0,-.745'), rgb('e8983a'), { rim: 0.8 });
}

/** A bird on the wing, seen from far; about one unit wide. */
export function paintFlyingBird(brush: Brush, color: Rgb | undefined): void {
  const { rng } = brush;
  const tone = color ?? (brush.air.isDark ? rgb('20243a') : rgb('3a4150'));
  const lift = rng.between(0.1, 0.28);
  for (const side of [-1, 1]) {
    brush.fill(
      blob(
        [
          [0, 0.02],
          [side * 0.16, -lift * 0.95],
          [side * 0.32, -lift * 1.05],
          [side * 0.56, -lift * 0.35],
          [side * 0.3, -lift * 0.72],
          [side * 0.12, -0.01],
        ],
        6,
      ),
      tone,
    );
  }
  brush.fill(ellipse(0.01, 0.015, 0.085, 0.032, 0.1), tone);
}
