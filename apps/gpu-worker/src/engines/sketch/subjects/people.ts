import { mix, type Rgb, rgb, scale } from '../raster/color.ts';
import { blob, ellipse, joined, limb, polygon, roundedRectangle, stroke, mirrored } from '../raster/path.ts';
import type { Brush } from '../scene/brush.ts';

export const SKIN: readonly [string, ...string[]] = ['f2c9a5', 'd9a070', 'a8703f', '7a4a2c', 'efbf9c'];
export const HAIR: readonly [string, ...string[]] = ['2a1d18', '5a3a22', '8a5a2c', 'd0a050', 'a8432a', '1a1a22'];

/** A wanderer seen from behind, looking into the scene; feet at the origin, one unit tall. */
export function paintWanderer(brush: Brush, color: Rgb | undefined): void {
  const { rng } = brush;
  const coat = color ?? rgb(rng.pick(['7a2f2a', '2f4668', '3f5a44', '5a4a6a', 'c98a2f']));
  const trousers = rgb('2f2c34');
  brush.shadow(0, 0, 0.2);
  for (const side of [-1, 1]) {
    brush.form(limb(side * 0.055, -0.45, 0.055, side * 0.075, -0.06, 0.036), trousers);
    brush.form(ellipse(side * 0.08, -0.025, 0.05, 0.032), rgb('241c1a'));
    brush.form(mirrored(side, stroke('.1,-.76 .17,-.6 .16,-.43', [0.075, 0.07, 0.055])), scale(coat, 0.85));
    brush.form(ellipse(side * 0.16, -0.41, 0.026, 0.032), rgb(SKIN[0]));
  }
  brush.form(blob('-.12,-.79 0,-.82 .12,-.79 .14,-.6 .16,-.33 .08,-.3 0,-.31 -.08,-.3 -.16,-.33 -.14,-.6'), coat, {
    texture: 0.4,
  });
  brush.form(roundedRectangle(-0.085, -0.74, 0.17, 0.22, 0.04), rgb('8a6a42'), { texture: 0.5 });
  brush.fill(roundedRectangle(-0.06, -0.62, 0.12, 0.08, 0.015), rgb('6a4f30'));
  brush.form(ellipse(0, -0.89, 0.072, 0.085), rgb(rng.pick(HAIR)));
  brush.form(stroke('-.09,-.815 0,-.795 .09,-.815', [0.04, 0.05, 0.04]), rgb('d8a13a'));
  if (rng.chance(0.5)) {
    brush.form(ellipse(0, -0.915, 0.135, 0.032), rgb('5a4632'));
    brush.form(blob('-.075,-.92 -.06,-.99 .06,-.99 .075,-.92'), rgb('5a4632'));
  }
}

/** A figure in a space suit, feet at the origin, one unit tall. */
export function paintAstronaut(brush: Brush, color: Rgb | undefined): void {
  const suit = color ?? rgb('eceff3');
  const grey = rgb('9aa4b0');
  brush.shadow(0, 0, 0.26);
  brush.form(roundedRectangle(-0.19, -0.73, 0.38, 0.38, 0.06), scale(suit, 0.7));
  for (const side of [-1, 1]) {
    brush.form(limb(side * 0.085, -0.36, 0.085, side * 0.105, -0.1, 0.07), suit);
    brush.form(roundedRectangle(side * 0.105 - 0.085, -0.1, 0.17, 0.1, 0.04), grey);
    brush.form(limb(side * 0.17, -0.62, 0.065, side * 0.27, -0.4, 0.055), suit);
    brush.form(ellipse(side * 0.285, -0.36, 0.058), grey);
    brush.fill(mirrored(side, stroke('.225,-.44 .31,-.42', [0.022, 0.022], 1)), rgb('d8433a'));
  }
  brush.form(blob('-.16,-.66 0,-.7 .16,-.66 .18,-.5 .15,-.32 0,-.29 -.15,-.32 -.18,-.5'), suit);
  brush.form(roundedRectangle(-0.085, -0.57, 0.17, 0.12, 0.02), rgb('cfd6de'));
  for (const [x, tone] of [
    [-0.05, 'd8433a'],
    [0, '3fa0d0'],
    [0.05, 'e8b23a'],
  ] as const)
    brush.fill(ellipse(x, -0.51, 0.016), rgb(tone), { isLit: true });
  brush.form(ellipse(0, -0.82, 0.18, 0.175), suit, { rim: 0.8 });
  const visor = blob('-.13,-.85 -.08,-.93 .08,-.93 .13,-.85 .1,-.75 0,-.72 -.1,-.75');
  brush.form(visor, rgb('3a2f45'), { volume: 0.3, rim: 0.4 });
  brush.fill(visor, mix(rgb('e8a13a'), brush.air.sky[2], 0.35), {
    alpha: 0.75,
    cut: ellipse(0.05, -0.79, 0.13, 0.12),
    cutSoft: 0.05,
  });
  brush.fill(stroke('-.09,-.86 -.06,-.9 -.01,-.91', [0.008, 0.022, 0.006]), rgb('ffffff'), { alpha: 0.9, isLit: true });
}

/** A friendly machine, feet at the origin, one unit tall. */
export function paintRobot(brush: Brush, color: Rgb | undefined): void {
  const { rng } = brush;
  const shell = color ?? rgb(rng.pick(['9fb3c4', 'd9a441', '6fa8a0', 'c9694a', 'b9bec6']));
  const joint = rgb('4a525e');
  const light = rgb(rng.pick(['5ff0ff', '8cff8a', 'ffd75a']));
  brush.shadow(0, 0, 0.32);
  for (const side of [-1, 1]) {
    brush.form(limb(side * 0.1, -0.34, 0.04, side * 0.11, -0.1, 0.04), joint);
    brush.form(roundedRectangle(side * 0.115 - 0.09, -0.1, 0.18, 0.1, 0.035), shell);
    brush.form(mirrored(side, stroke('.2,-.6 .3,-.5 .29,-.36', [0.055, 0.055, 0.05])), joint);
    brush.form(ellipse(side * 0.215, -0.6, 0.06), shell);
    brush.form(ellipse(side * 0.29, -0.33, 0.055), shell);
    brush.fill(ellipse(side * 0.29, -0.3, 0.028), joint);
  }
  brush.form(roundedRectangle(-0.2, -0.67, 0.4, 0.37, 0.07), shell, { volume: 0.25, rim: 0.8 });
  brush.form(roundedRectangle(-0.12, -0.6, 0.24, 0.19, 0.03), rgb('2c3440'), { volume: 0.1 });
  brush.fill(ellipse(-0.055, -0.505, 0.042), light, { isLit: true });
  brush.glow(-0.055, -0.505, 0.13, light, 0.7);
  for (const [index, y] of [-0.56, -0.52, -0.48, -0.44].entries())
    brush.fill(roundedRectangle(0.01, y, 0.085 - index * 0.014, 0.018, 0.008), mix(light, rgb('ff7a5a'), index / 4), {
      isLit: true,
    });
  brush.form(roundedRectangle(-0.06, -0.71, 0.12, 0.06, 0.02), joint);
  brush.form(stroke('0,-.92 0,-1.02', [0.014, 0.012], 1), joint);
  brush.fill(ellipse(0, -1.03, 0.026), rgb('ff5a4a'), { isLit: true });
  brush.glow(0, -1.03, 0.09, rgb('ff5a4a'), 0.8);
  for (const side of [-1, 1]) brush.form(roundedRectangle(side * 0.19 - 0.025, -0.86, 0.05, 0.1, 0.02), joint);
  brush.form(roundedRectangle(-0.18, -0.95, 0.36, 0.26, 0.075), shell, { volume: 0.3, rim: 0.8 });
  brush.form(roundedRectangle(-0.14, -0.905, 0.28, 0.165, 0.055), rgb('1d2430'), { volume: 0.1 });
  for (const side of [-1, 1]) {
    brush.fill(ellipse(side * 0.065, -0.835, 0.038, 0.042), light, { isLit: true });
    brush.glow(side * 0.065, -0.835, 0.12, light, 0.65);
  }
  brush.fill(stroke('-.05,-.768 0,-.756 .05,-.768', [0.006, 0.014, 0.006]), light, { isLit: true });
}

/** Three balls of snow, a hat, a scarf and a carrot; one unit tall. */
export function paintSnowman(brush: Brush, color: Rgb | undefined): void {
  const snow = rgb('f4f7fc');
  const scarf = color ?? rgb(brush.rng.pick(['d8433a', '2f6fc0', '2f8a5a']));
  brush.shadow(0, 0, 0.34);
  for (const side of [-1, 1]) {
    brush.fill(mirrored(side, stroke('.17,-.52 .33,-.62 .44,-.76', [0.022, 0.018, 0.008])), rgb('5a3f2c'));
    brush.fill(mirrored(side, stroke('.37,-.66 .46,-.66', [0.014, 0.005], 2)), rgb('5a3f2c'));
  }
  brush.form(ellipse(0, -0.22, 0.29, 0.24), snow, { rim: 0.4 });
  brush.form(ellipse(0, -0.52, 0.21, 0.18), snow, { rim: 0.4 });
  brush.form(ellipse(0, -0.76, 0.15, 0.14), snow, { rim: 0.4 });
  for (const y of [-0.6, -0.52, -0.44]) brush.fill(ellipse(0, y, 0.019), rgb('241f24'));
  for (const side of [-1, 1]) brush.fill(ellipse(side * 0.052, -0.8, 0.02), rgb('1c181c'));
  for (const [x, y] of [
    [-0.06, -0.705],
    [-0.032, -0.688],
    [0, -0.682],
    [0.032, -0.688],
    [0.06, -0.705],
  ] as const)
    brush.fill(ellipse(x, y, 0.01), rgb('1c181c'));
  brush.form(polygon('0,-.77 .17,-.735 0,-.73'), rgb('f0862d'), { rim: 0.8 });
  brush.form(stroke('-.13,-.66 0,-.625 .13,-.66', [0.05, 0.06, 0.05]), scarf);
  brush.form(stroke('.08,-.635 .12,-.54 .1,-.45', [0.06, 0.065, 0.06]), scarf);
  brush.form(joined(ellipse(0, -0.875, 0.18, 0.028)), rgb('26222a'));
  brush.form(polygon('-.11,-.88 -.1,-1.04 .1,-1.04 .11,-.88'), rgb('26222a'));
  brush.fill(polygon('-.108,-.9 -.106,-.935 .106,-.935 .108,-.9'), scarf);
}
