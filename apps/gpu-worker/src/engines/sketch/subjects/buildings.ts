import { mix, type Rgb, rgb, scale } from '../raster/color.ts';
import { ellipse, joined, type Path, polygon, rectangle, stroke } from '../raster/path.ts';
import type { Brush } from '../scene/brush.ts';

const LAMP = rgb('ffd27a');

/** A window: warm light after dark, a bit of sky by day. */
function paintWindow(brush: Brush, x: number, y: number, width: number, height: number): void {
  const isLit = brush.air.isDark || brush.air.time === 'sunset';
  brush.fill(rectangle(x - 0.012, y - 0.012, width + 0.024, height + 0.024), rgb('efe6d6'));
  brush.fill(rectangle(x, y, width, height), isLit ? LAMP : mix(rgb('51708c'), brush.air.sky[2], 0.35), { isLit });
  brush.fill(
    joined(rectangle(x + width / 2 - 0.005, y, 0.01, height), rectangle(x, y + height / 2 - 0.005, width, 0.01)),
    rgb('efe6d6'),
  );
  if (isLit) brush.glow(x + width / 2, y + height / 2, width * 2.6, LAMP, 0.5);
}

/** A house with a gable to the viewer and a long side to the right; one unit is about its height. */
export function paintHouse(brush: Brush, color: Rgb | undefined): void {
  const { rng } = brush;
  const wall = color ?? rgb(rng.pick(['e8dcc4', 'b5533c', 'd9c08f', '7d5a40', 'a9bccb']));
  const roof = brush.air.isSnowy ? rgb('f2f5fa') : rgb(rng.pick(['8a3f32', '5a4a48', '74503a']));
  const side = scale(wall, 0.82);
  brush.shadow(0.15, 0, 0.75);
  brush.form(rectangle(0.42, -1.02, 0.1, 0.3), rgb('7a4a3c'), { volume: 0.2 });
  paintSmoke(brush, 0.47, -1.05);
  brush.form(rectangle(-0.02, -0.52, 0.76, 0.53), side, { volume: 0, texture: 0.4 });
  brush.form(polygon('-.5,-.52 -.24,-.92 .02,-.52 .02,.01 -.5,.01'), wall, { volume: 0.12, texture: 0.4 });
  for (let plank = 1; plank < 9; plank += 1) {
    brush.fill(rectangle(-0.5, -plank * 0.058, 1.24, 0.006), scale(wall, 0.6), { alpha: 0.35 });
  }
  brush.form(polygon('-.24,-.98 .56,-.98 .8,-.5 .04,-.5'), roof, { volume: 0.12, texture: 0.5 });
  for (let row = 1; row < 6; row += 1) {
    const [t, y] = [row / 6, -0.98 + (row / 6) * 0.48];
    brush.fill(
      stroke(
        [
          [-0.24 + t * 0.28, y],
          [0.56 + t * 0.24, y],
        ],
        [0.01, 0.01],
        1,
      ),
      scale(roof, 0.72),
      { alpha: 0.6 },
    );
  }
  brush.form(polygon('-.24,-1.0 -.56,-.5 -.5,-.48 -.24,-.9 .02,-.48 .08,-.5'), scale(roof, 0.85), { volume: 0 });
  brush.form(rectangle(-0.33, -0.31, 0.17, 0.32), rgb('5b3b29'), { volume: 0.12 });
  brush.fill(ellipse(-0.19, -0.15, 0.012), rgb('e6c46a'));
  paintWindow(brush, -0.3, -0.56, 0.12, 0.13);
  paintWindow(brush, 0.13, -0.35, 0.15, 0.17);
  paintWindow(brush, 0.47, -0.35, 0.15, 0.17);
}

function paintSmoke(brush: Brush, x: number, y: number): void {
  for (let puff = 0; puff < 7; puff += 1) {
    const t = puff / 6;
    brush.fill(
      ellipse(x + t * t * 0.3 + Math.sin(puff * 1.7) * 0.02, y - t * 0.5, 0.035 + t * 0.07),
      mix(rgb('f3f1ef'), brush.air.haze, 0.4),
      {
        alpha: 0.42 * (1 - t * 0.75),
        soft: 0.05 + t * 0.05,
      },
    );
  }
}

function paintKeep(
  brush: Brush,
  x: number,
  y: number,
  width: number,
  height: number,
  stone: Rgb,
  roof: Rgb | undefined,
): void {
  brush.form(rectangle(x - width / 2, y - height, width, height), stone, { volume: 0.3, texture: 0.5 });
  const teeth: Path[] = [];
  const top = y - height;
  for (let tooth = 0; tooth < 5; tooth += 1) {
    teeth.push(rectangle(x - width * 0.6 + tooth * width * 0.255, top - width * 0.2, width * 0.17, width * 0.2));
  }
  brush.form(joined(rectangle(x - width * 0.6, top - 0.01, width * 1.2, width * 0.22), ...teeth), scale(stone, 1.04), {
    volume: 0.15,
    texture: 0.5,
  });
  if (roof !== undefined) {
    brush.form(
      polygon([
        [x - width * 0.62, top],
        [x, top - width * 1.9],
        [x + width * 0.62, top],
      ]),
      roof,
      { volume: 0.35, texture: 0.3 },
    );
    brush.fill(rectangle(x - 0.004, top - width * 2.35, 0.008, width * 0.5), rgb('3a3134'));
    brush.fill(
      polygon([
        [x, top - width * 2.35],
        [x + width * 0.6, top - width * 2.2],
        [x, top - width * 2.03],
      ]),
      rgb('d8433a'),
    );
  }
  const isLit = brush.air.isDark || brush.air.time === 'sunset';
  for (const level of [0.3, 0.6]) {
    const wy = y - height * level - 0.05;
    const slit = joined(rectangle(x - 0.013, wy, 0.026, 0.06), ellipse(x, wy, 0.013));
    brush.fill(slit, isLit ? LAMP : rgb('2c2a33'), { isLit });
    if (isLit) brush.glow(x, wy + 0.03, 0.07, LAMP, 0.55);
  }
}

/** A castle on its mound, one unit tall. */
export function paintCastle(brush: Brush, color: Rgb | undefined): void {
  const stone = color ?? rgb(brush.rng.pick(['a9a39a', '9a8f88', 'b8ab98']));
  const roof = rgb(brush.rng.pick(['4a5f8c', '8c3f3a', '3f6f68']));
  brush.shadow(0, 0.01, 0.62);
  paintKeep(brush, 0.12, -0.15, 0.16, 0.5, scale(stone, 0.86), roof);
  paintKeep(brush, -0.16, -0.15, 0.13, 0.38, scale(stone, 0.84), roof);
  paintKeep(brush, 0, 0, 0.86, 0.3, stone, undefined);
  paintKeep(brush, -0.42, 0.01, 0.15, 0.44, stone, roof);
  paintKeep(brush, 0.42, 0.01, 0.15, 0.48, stone, roof);
  paintKeep(brush, -0.02, 0, 0.24, 0.38, scale(stone, 1.05), undefined);
  brush.fill(joined(rectangle(-0.08, -0.13, 0.12, 0.13), ellipse(-0.02, -0.13, 0.06)), rgb('2b2228'));
  for (const x of [-0.06, -0.02, 0.02]) brush.fill(rectangle(x - 0.003, -0.18, 0.006, 0.18), rgb('6a5648'));
}

/** A church with a steeple, one unit tall. */
export function paintChurch(brush: Brush, color: Rgb | undefined): void {
  const wall = color ?? rgb('ece4d4');
  const roof = brush.air.isSnowy ? rgb('f2f5fa') : rgb('5c5560');
  brush.shadow(0.1, 0, 0.4);
  brush.form(rectangle(-0.05, -0.3, 0.5, 0.31), scale(wall, 0.86), { volume: 0.05 });
  brush.form(polygon('-.08,-.29 .02,-.5 .4,-.5 .49,-.29'), roof, { volume: 0.15 });
  brush.form(rectangle(-0.3, -0.6, 0.26, 0.61), wall, { volume: 0.2 });
  brush.form(polygon('-.33,-.59 -.17,-.95 -.01,-.59'), roof, { volume: 0.35 });
  brush.fill(joined(rectangle(-0.176, -1.04, 0.012, 0.11), rectangle(-0.2, -1.01, 0.06, 0.012)), rgb('d9b85a'));
  brush.fill(joined(rectangle(-0.22, -0.17, 0.1, 0.18), ellipse(-0.17, -0.17, 0.05)), rgb('5b3b29'));
  for (const x of [0.06, 0.19, 0.32]) paintWindow(brush, x, -0.22, 0.05, 0.12);
  paintWindow(brush, -0.2, -0.48, 0.06, 0.1);
}

/** A pyramid with a lit and a shaded face, one unit tall. */
export function paintPyramid(brush: Brush): void {
  const stone = rgb('d9b072');
  const isLeftLit = brush.air.toLight[0] < 0;
  brush.form(polygon('0,-1 -.85,0 .2,.02'), isLeftLit ? stone : scale(stone, 0.55), { volume: 0, texture: 0.4 });
  brush.form(polygon('0,-1 .2,.02 .85,0'), isLeftLit ? scale(stone, 0.55) : stone, { volume: 0, texture: 0.4 });
  for (let row = 1; row < 16; row += 1) {
    const t = row / 16;
    brush.fill(
      stroke(
        [
          [-0.85 * t, -1 + t],
          [0.2 * t, -1 + t * 1.02],
          [0.85 * t, -1 + t],
        ],
        [0.005, 0.006, 0.005],
        1,
      ),
      scale(stone, 0.4),
      { alpha: 0.3 },
    );
  }
}
