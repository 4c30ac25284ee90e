import { mix, type Rgb, rgb, scale } from '../raster/color.ts';
import { blob, ellipse, stroke } from '../raster/path.ts';
import type { Brush } from '../scene/brush.ts';

/** An apple, its foot at the origin, one unit tall. */
export function paintApple(brush: Brush, color: Rgb | undefined): void {
  const skin = color ?? rgb(brush.rng.pick(['c8262c', 'c8262c', '8fb53a', 'd9543a']));
  brush.shadow(0, -0.02, 0.42);
  const body = blob(
    '0,-.78 -.16,-.86 -.38,-.76 -.47,-.5 -.38,-.2 -.2,-.02 -.06,0 0,-.03 .06,0 .2,-.02 .38,-.2 .47,-.5 .38,-.76 .16,-.86',
  );
  brush.form(body, skin, { volume: 0.4, rim: 0.4, texture: 0.15 });
  brush.fill(blob('-.1,-.82 -.34,-.62 -.36,-.3 -.2,-.5'), mix(skin, rgb('f0c04a'), 0.6), {
    soft: 0.16,
    alpha: 0.55,
    clip: body,
  });
  brush.fill(ellipse(0, -0.79, 0.15, 0.05), scale(skin, 0.42), { soft: 0.06, alpha: 0.85 });
  brush.form(stroke('0,-.78 .01,-.9 .07,-1.02', [0.03, 0.03, 0.045]), rgb('5a3a22'));
  brush.form(blob('.03,-.88 .16,-1.02 .36,-1.0 .22,-.87'), rgb('5f9a3c'), { rim: 0.7 });
  paintShine(brush, -0.2, -0.62);
}

function paintShine(brush: Brush, x: number, y: number): void {
  const side = brush.air.toLight[0] < 0 ? 1 : -1;
  brush.fill(ellipse(x * side, y, 0.06, 0.11, 0.5 * side), rgb('ffffff'), { soft: 0.04, alpha: 0.75, isLit: true });
}

/** A pear, its foot at the origin, one unit tall. */
export function paintPear(brush: Brush, color: Rgb | undefined): void {
  const skin = color ?? rgb('b9bf4a');
  brush.shadow(0, -0.02, 0.36);
  brush.form(
    blob('0,-.9 -.12,-.84 -.17,-.64 -.32,-.42 -.35,-.2 -.2,-.02 0,0 .2,-.02 .35,-.2 .32,-.42 .17,-.64 .12,-.84'),
    skin,
    { volume: 0.4, texture: 0.4 },
  );
  brush.form(stroke('0,-.88 .03,-1.02', [0.03, 0.04], 2), rgb('5a3a22'));
  paintShine(brush, -0.13, -0.42);
}

/** An orange with a pitted peel, its foot at the origin, one unit tall. */
export function paintCitrus(brush: Brush, color: Rgb | undefined): void {
  const peel = color ?? rgb('f0902a');
  brush.shadow(0, -0.02, 0.42);
  brush.form(ellipse(0, -0.47, 0.48, 0.47), peel, { volume: 0.4, texture: 0.7 });
  brush.fill(ellipse(0.02, -0.86, 0.05, 0.022), rgb('5a7a2c'));
  brush.form(blob('.03,-.88 .16,-1.0 .36,-.98 .22,-.86'), rgb('5f9a3c'), { rim: 0.7 });
  paintShine(brush, -0.18, -0.64);
}

function paintBanana(brush: Brush): void {
  brush.form(stroke('-.5,-.52 -.3,-.2 .1,-.08 .5,-.3', [0.05, 0.2, 0.22, 0.05]), rgb('f2cf3a'), { volume: 0.35 });
  brush.fill(stroke('-.45,-.4 -.25,-.14 .12,-.04 .44,-.22', [0.01, 0.016, 0.016, 0.01]), rgb('b58f1f'), { alpha: 0.5 });
}

function paintGrapes(brush: Brush): void {
  for (let row = 0; row < 4; row += 1) {
    for (let column = 0; column < 4 - row; column += 1) {
      const [x, y] = [(column - (3 - row) / 2) * 0.19, -0.62 + row * 0.16];
      brush.form(ellipse(x, y, 0.105), rgb(brush.rng.pick(['5f2f7a', '6f3a8a', '4f2a6a'])), { rim: 0.8 });
      brush.fill(ellipse(x - 0.03, y - 0.035, 0.02), rgb('ffffff'), { alpha: 0.6 });
    }
  }
}

/** A bowl heaped with fruit, its foot at the origin; one unit is about its height. */
export function paintFruitBowl(brush: Brush, color: Rgb | undefined): void {
  const bowl = color ?? rgb(brush.rng.pick(['4a7a9a', 'e6dccb', 'b5653f']));
  brush.shadow(0, 0, 0.62);
  brush.fill(ellipse(0, -0.47, 0.68, 0.12), scale(bowl, 0.5));
  paintPear(brush.at(-0.42, -0.38, 0.52), undefined);
  paintCitrus(brush.at(0.4, -0.4, 0.42), undefined);
  paintApple(brush.at(-0.02, -0.44, 0.5), undefined);
  paintCitrus(brush.at(0.16, -0.36, 0.38), rgb('f2d23a'));
  paintGrapes(brush.at(-0.26, -0.26, 0.5));
  paintBanana(brush.at(0.14, -0.4, 0.62));
  const body = blob('-.7,-.48 -.6,-.2 -.34,-.03 0,0 .34,-.03 .6,-.2 .7,-.48 .4,-.395 0,-.37 -.4,-.395', 8);
  brush.form(body, bowl, { volume: 0.35, rim: 0.6 });
  brush.fill(stroke('-.66,-.4 -.36,-.31 0,-.285 .36,-.31 .66,-.4', [0.02, 0.03, 0.03]), mix(bowl, rgb('fff6e6'), 0.6), {
    alpha: 0.8,
    clip: body,
  });
}

/** A steaming cup on its saucer, its foot at the origin, one unit tall without the steam. */
export function paintCup(brush: Brush, color: Rgb | undefined): void {
  const china = color ?? rgb(brush.rng.pick(['f4efe6', '8fb3c4', 'd9694a']));
  brush.shadow(0, 0, 0.75);
  brush.form(ellipse(0, -0.03, 0.78, 0.14), china, { volume: 0.2 });
  brush.fill(ellipse(0, -0.06, 0.48, 0.07), scale(china, 0.8), { soft: 0.04 });
  brush.form(stroke('.42,-.72 .72,-.74 .74,-.42 .36,-.28', [0.09, 0.1, 0.1, 0.08]), china);
  brush.form(blob('-.5,-.9 -.47,-.55 -.36,-.22 -.2,-.07 .2,-.07 .36,-.22 .47,-.55 .5,-.9'), china, {
    volume: 0.35,
    rim: 0.6,
  });
  brush.form(ellipse(0, -0.9, 0.5, 0.13), scale(china, 1.05), { volume: 0.1 });
  brush.fill(ellipse(0, -0.885, 0.44, 0.1), rgb('4a2a18'));
  brush.fill(ellipse(-0.08, -0.87, 0.22, 0.045), rgb('b5824f'), { soft: 0.05, alpha: 0.8 });
  for (const x of [-0.18, 0.04, 0.22]) {
    const sway = brush.rng.between(0.05, 0.1);
    brush.fill(
      stroke(
        [
          [x, -1],
          [x + sway, -1.2],
          [x - sway, -1.42],
          [x + sway * 0.6, -1.7],
        ],
        [0.04, 0.1, 0.12, 0.02],
      ),
      rgb('ffffff'),
      { alpha: 0.4, soft: 0.09, isLit: true },
    );
  }
}
