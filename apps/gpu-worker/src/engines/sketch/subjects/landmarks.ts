import { mix, type Rgb, rgb, scale } from '../raster/color.ts';
import {
  blob,
  ellipse,
  joined,
  type Path,
  type Point,
  polygon,
  rectangle,
  stroke,
  turned,
  mirrored,
} from '../raster/path.ts';
import type { Brush } from '../scene/brush.ts';

/** A lighthouse on rocks, one unit tall; its lamp burns and casts beams when it is dark. */
export function paintLighthouse(brush: Brush, color: Rgb | undefined): void {
  const stripe = color ?? rgb('c8352e');
  const { air } = brush;
  paintRocks(brush);
  const at = (t: number): number => 0.1 - t * 0.04;
  const tower = polygon([
    [-at(0), -0.08],
    [-at(1), -0.74],
    [at(1), -0.74],
    [at(0), -0.08],
  ]);
  brush.form(tower, rgb('f3eee4'), { volume: 0.45, texture: 0.2, rim: 0.7 });
  for (const band of [0.08, 0.4, 0.72]) {
    const [low, high] = [-0.08 - band * 0.66, -0.08 - (band + 0.17) * 0.66];
    brush.form(
      polygon([
        [-at(band), low],
        [-at(band + 0.17), high],
        [at(band + 0.17), high],
        [at(band), low],
      ]),
      stripe,
      { volume: 0.45, rim: 0.7 },
    );
  }
  for (const y of [-0.24, -0.45])
    brush.fill(joined(rectangle(-0.014, y, 0.028, 0.045), ellipse(0, y, 0.014)), rgb('39404c'));
  brush.form(rectangle(-0.095, -0.765, 0.19, 0.025), rgb('3c434f'));
  for (let post = 0; post < 7; post += 1)
    brush.fill(rectangle(-0.09 + post * 0.0285, -0.8, 0.006, 0.04), rgb('3c434f'));
  brush.fill(rectangle(-0.092, -0.804, 0.184, 0.007), rgb('3c434f'));
  const isBurning = air.isDark || air.time === 'sunset' || air.time === 'dawn';
  brush.fill(rectangle(-0.048, -0.87, 0.096, 0.105), isBurning ? rgb('fff2c0') : rgb('bcd3de'), { isLit: isBurning });
  for (const x of [-0.05, -0.018, 0.014, 0.046]) brush.fill(rectangle(x, -0.87, 0.005, 0.105), rgb('3c434f'));
  brush.form(polygon('-.066,-.865 -.035,-.925 0,-.95 .035,-.925 .066,-.865'), stripe, { volume: 0.4 });
  brush.fill(rectangle(-0.004, -1, 0.008, 0.06), rgb('3c434f'));
  if (!isBurning) return;
  const power = air.isDark ? 0.42 : 0.14;
  for (const side of [-1, 1]) {
    brush.fill(mirrored(side, polygon('0,-.83 3,-1.24 3,-.52 0,-.81')), rgb('fff0b8'), {
      alpha: power,
      soft: 0.03,
      blend: 'screen',
      isLit: true,
    });
  }
  brush.glow(0, -0.82, 0.42, rgb('ffe9a8'), 0.95);
}

function paintRocks(brush: Brush): void {
  const { rng } = brush;
  const stone = rgb('5d5a5f');
  for (let rock = 0; rock < 9; rock += 1) {
    const [x, reach] = [rng.between(-0.36, 0.36), rng.between(0.09, 0.18)];
    const top = -0.13 + Math.abs(x) * 0.3;
    const points: Point[] = [
      [x - reach, 0.06],
      [x - reach * 0.8, top * 0.6 + 0.02],
      [x - reach * 0.2, top - 0.02],
      [x + reach * 0.5, top + 0.01],
      [x + reach, 0.06],
    ];
    brush.form(polygon(points), scale(stone, rng.between(0.7, 1.15)), { texture: 0.8, volume: 0.35 });
  }
}

/** A windmill with four lattice sails, one unit tall to its hub's cap. */
export function paintWindmill(brush: Brush, color: Rgb | undefined): void {
  const wall = color ?? rgb(brush.rng.pick(['e6dccb', 'a8603f', '8c8078']));
  const cap = rgb('5a4038');
  brush.shadow(0, 0, 0.3);
  brush.form(polygon('-.2,.01 -.115,-.66 .115,-.66 .2,.01'), wall, { volume: 0.4, texture: 0.5 });
  brush.form(joined(rectangle(-0.19, -0.3, 0.38, 0.022)), rgb('6a5242'));
  brush.form(blob('-.135,-.65 -.1,-.76 0,-.82 .1,-.76 .135,-.65'), cap, { volume: 0.4 });
  brush.fill(joined(rectangle(-0.045, -0.15, 0.09, 0.16), ellipse(0, -0.15, 0.045)), rgb('4a3226'));
  for (const [x, y] of [
    [0, -0.42],
    [0, -0.56],
  ] as const)
    brush.fill(rectangle(x - 0.025, y, 0.05, 0.06), brush.air.isDark ? rgb('ffd27a') : rgb('4c6272'), {
      isLit: brush.air.isDark,
    });
  const turn = brush.rng.between(0.1, 1.4);
  for (let sail = 0; sail < 4; sail += 1) {
    const angle = turn + (sail * Math.PI) / 2;
    const place = (path: Path): Path => turned(path, angle, 0, -0.7);
    const bars: Path[] = [rectangle(-0.01, -1.2, 0.02, 0.5)];
    for (let bar = 0; bar < 9; bar += 1) bars.push(rectangle(0, -1.18 + bar * 0.045, 0.1, 0.006));
    for (let bar = 1; bar < 4; bar += 1) bars.push(rectangle(bar * 0.033, -1.18, 0.005, 0.37));
    brush.fill(place(rectangle(0.005, -1.18, 0.095, 0.37)), rgb('f4ead6'), { alpha: 0.75 });
    brush.fill(place(joined(...bars)), rgb('4d3a30'));
  }
  brush.form(ellipse(0, -0.7, 0.028), rgb('3a2c26'));
}

/** A stone bridge of three arches, two units long, its road at the height 0.35. */
export function paintBridge(brush: Brush, color: Rgb | undefined): void {
  const stone = color ?? rgb('9c8f82');
  const deck: Point[] = [
    [-1.3, -0.2],
    [-0.6, -0.33],
    [0, -0.38],
    [0.6, -0.33],
    [1.3, -0.2],
  ];
  const holes = [-0.62, 0, 0.62].map((x, index) => {
    const [radius, high] = index === 1 ? [0.25, 0.27] : [0.21, 0.21];
    const arch: Point[] = Array.from({ length: 25 }, (_, step) => {
      const angle = -(step / 24) * Math.PI;
      return [x + Math.cos(angle) * radius, 0.08 + Math.sin(angle) * (high + 0.08)];
    });
    return polygon(arch);
  });
  brush.form(joined(polygon([...deck, [1.3, 0.08], [-1.3, 0.08]]), ...holes), stone, { volume: 0.1, texture: 0.9 });
  for (const [index, x] of [-0.62, 0, 0.62].entries()) {
    const [radius, high] = index === 1 ? [0.25, 0.27] : [0.21, 0.21];
    const arc: Point[] = Array.from({ length: 15 }, (_, step) => {
      const angle = Math.PI + (step / 14) * Math.PI;
      return [x + Math.cos(angle) * radius, 0.08 + Math.sin(angle) * (high + 0.08)];
    });
    brush.fill(stroke(arc, [0.035, 0.035], 2), scale(stone, 1.2), { alpha: 0.8 });
  }
  brush.form(stroke(deck, [0.05, 0.05, 0.05]), mix(stone, rgb('ffffff'), 0.15), { volume: 0.2 });
}

/** A ridge tent, lit from within after dark. */
export function paintTent(brush: Brush, color: Rgb | undefined): void {
  const cloth = color ?? rgb(brush.rng.pick(['d9772e', 'c8443a', '3f7f8c']));
  const isLit = brush.air.isDark;
  brush.shadow(0.1, 0, 0.8);
  brush.form(polygon('-.1,-.9 .55,-.8 1,0 .3,.03'), scale(cloth, 0.72), { volume: 0.1 });
  brush.form(polygon('-.1,-.9 .3,.03 -.65,.01'), cloth, { volume: 0.05, isLit });
  brush.fill(polygon('-.1,-.78 .06,.02 -.32,.01'), isLit ? rgb('ffe2a0') : rgb('3a2a24'), { isLit });
  if (isLit) brush.glow(-0.1, -0.3, 1, rgb('ffb85a'), 0.6);
}

/** A fire on crossed logs, one unit tall. */
export function paintCampfire(brush: Brush): void {
  brush.glow(0, -0.3, 2, rgb('ff9a3a'), 0.6);
  for (const side of [-1, 1])
    brush.form(
      stroke(
        [
          [side * 0.42, 0.04],
          [-side * 0.3, -0.12],
        ],
        [0.13, 0.11],
        2,
      ),
      rgb('4a3020'),
      { isLit: true },
    );
  for (const [size, tone] of [
    [1, 'e8542a'],
    [0.72, 'f79a2e'],
    [0.42, 'ffe58a'],
  ] as const) {
    brush.fill(
      blob([
        [0, -size],
        [0.1 * size, -0.62 * size],
        [0.28 * size, -0.34 * size],
        [0.2 * size, -0.02],
        [-0.2 * size, -0.02],
        [-0.27 * size, -0.32 * size],
        [-0.1 * size, -0.55 * size],
      ]),
      rgb(tone),
      { isLit: true, soft: 0.04, alpha: 0.92 },
    );
  }
}
