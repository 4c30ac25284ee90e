import { mix, type Rgb, rgb, scale } from '../raster/color.ts';
import { blob, ellipse, joined, type Point, polygon, rectangle, roundedRectangle, stroke } from '../raster/path.ts';
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
  brush.form(
    stroke(
      [
        [0.02, -0.1],
        [0.02, -1.0],
      ],
      [0.022, 0.014],
      2,
    ),
    rgb('6b4f38'),
  );
  brush.form(
    blob(
      [
        [0, -0.97],
        [-0.08, -0.7],
        [-0.24, -0.4],
        [-0.4, -0.21],
        [-0.2, -0.19],
        [0, -0.2],
        [0, -0.6],
      ],
      6,
    ),
    sail,
    { volume: 0.3, rim: 0.6 },
  );
  brush.form(
    blob(
      [
        [0.045, -0.93],
        [0.12, -0.68],
        [0.27, -0.42],
        [0.33, -0.24],
        [0.2, -0.2],
        [0.045, -0.2],
      ],
      6,
    ),
    scale(sail, 0.94),
    { volume: 0.3, rim: 0.6 },
  );
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
  brush.form(
    blob([
      [-0.42, -0.14],
      [-0.2, -0.125],
      [0.2, -0.125],
      [0.46, -0.17],
      [0.36, -0.02],
      [0.28, 0.03],
      [-0.28, 0.03],
      [-0.36, -0.02],
    ]),
    hull,
    { volume: 0.35, rim: 0.6 },
  );
  brush.fill(
    stroke(
      [
        [-0.41, -0.12],
        [0, -0.1],
        [0.43, -0.145],
      ],
      [0.02, 0.02, 0.02],
    ),
    mix(hull, rgb('fff6e6'), 0.65),
  );
  brush.fill(
    polygon([
      [0.02, -1.04],
      [0.14, -1.01],
      [0.02, -0.98],
    ]),
    rgb('d8433a'),
  );
  brush.fill(
    stroke(
      [
        [-0.42, 0.03],
        [0, 0.045],
        [0.46, 0.03],
      ],
      [0.006, 0.022, 0.006],
    ),
    rgb('f4f8fa'),
    { alpha: 0.55, soft: 0.012 },
  );
}

/** A three-masted ship under square sails, one unit tall. */
export function paintShip(brush: Brush, color: Rgb | undefined): void {
  const hull = color ?? rgb('5a3a26');
  const canvas = rgb('f1e4c8');
  paintReflection(brush, 1.1, 0.34, hull);
  brush.form(
    stroke(
      [
        [0.4, -0.2],
        [0.68, -0.38],
      ],
      [0.024, 0.01],
      2,
    ),
    rgb('4a3424'),
  );
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
  brush.form(
    polygon([
      [0.42, -0.24],
      [0.64, -0.36],
      [0.34, -0.6],
    ]),
    scale(canvas, 0.95),
    { volume: 0.1 },
  );
  brush.form(
    blob(
      [
        [-0.54, -0.3],
        [-0.38, -0.27],
        [-0.34, -0.17],
        [0.3, -0.17],
        [0.52, -0.23],
        [0.44, -0.04],
        [0.34, 0.04],
        [-0.4, 0.04],
        [-0.5, -0.08],
      ],
      6,
    ),
    hull,
    { volume: 0.3, texture: 0.5 },
  );
  brush.fill(
    stroke(
      [
        [-0.5, -0.14],
        [-0.3, -0.11],
        [0.3, -0.11],
        [0.47, -0.15],
      ],
      [0.022, 0.022, 0.022],
    ),
    rgb('d9b45a'),
  );
  for (const x of [-0.36, -0.22, -0.08, 0.06, 0.2, 0.32])
    brush.fill(rectangle(x - 0.014, -0.085, 0.028, 0.028), rgb('20140e'));
  brush.fill(
    stroke(
      [
        [-0.5, 0.04],
        [0, 0.055],
        [0.46, 0.04],
      ],
      [0.008, 0.03, 0.008],
    ),
    rgb('f4f8fa'),
    { alpha: 0.6, soft: 0.015 },
  );
}

/** A car from the side, facing right; about 2.2 units long and one tall, wheels at the origin. */
export function paintCar(brush: Brush, color: Rgb | undefined): void {
  const body = color ?? rgb(brush.rng.pick(['c23a2e', '2f6fb0', 'e0b23a', '3f8f7a', 'd9d4cc']));
  brush.shadow(0, -0.02, 1.1);
  brush.form(
    blob(
      [
        [-1.12, -0.3],
        [-1.1, -0.55],
        [-0.72, -0.63],
        [-0.5, -0.95],
        [0.22, -0.97],
        [0.58, -0.64],
        [1.02, -0.54],
        [1.13, -0.34],
        [1.1, -0.2],
        [0, -0.17],
        [-1.08, -0.19],
      ],
      8,
    ),
    body,
    { volume: 0.3, texture: 0, rim: 0.9 },
  );
  const glass = brush.air.isDark ? rgb('26304a') : mix(rgb('8fb6cf'), brush.air.sky[2], 0.4);
  brush.fill(
    polygon([
      [-0.58, -0.64],
      [-0.42, -0.88],
      [-0.14, -0.89],
      [-0.14, -0.64],
    ]),
    glass,
  );
  brush.fill(
    polygon([
      [-0.07, -0.64],
      [-0.07, -0.89],
      [0.2, -0.89],
      [0.46, -0.64],
    ]),
    glass,
  );
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
  brush.fill(
    stroke(
      [
        [-0.11, -0.62],
        [-0.12, -0.25],
      ],
      [0.012, 0.012],
      2,
    ),
    scale(body, 0.55),
  );
  brush.fill(
    stroke(
      [
        [-1.08, -0.42],
        [0, -0.4],
        [1.06, -0.42],
      ],
      [0.012, 0.016, 0.012],
    ),
    mix(body, rgb('ffffff'), 0.5),
    { alpha: 0.7 },
  );
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
  brush.fill(
    polygon([
      [1.06, -0.45],
      [2.6, -0.7],
      [2.6, 0.05],
      [1.06, -0.38],
    ]),
    rgb('ffefb8'),
    { alpha: 0.4, soft: 0.08, blend: 'screen', isLit: true },
  );
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
  brush.form(
    polygon([
      [0.62, -0.66],
      [0.58, -1.05],
      [0.86, -1.05],
      [0.8, -0.66],
    ]),
    rgb('2a2628'),
  );
  brush.form(
    polygon([
      [0.88, -0.22],
      [1.3, 0.02],
      [0.88, 0.02],
    ]),
    rgb('8a3a2e'),
  );
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
    brush.form(
      polygon([
        [side * 0.13, -0.34],
        [side * 0.29, -0.1],
        [side * 0.29, 0.04],
        [side * 0.11, -0.06],
      ]),
      trim,
      { rim: 0.7 },
    );
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
  brush.fill(
    stroke(
      [
        [0, -0.15],
        [0, 0],
      ],
      [0.03, 0.03],
      1,
    ),
    trim,
  );
  brush.fill(joined(rectangle(-0.08, -0.05, 0.16, 0.035)), rgb('3a4049'));
}

/** A hot-air balloon, one unit tall, its middle at the origin. */
export function paintBalloon(brush: Brush, color: Rgb | undefined): void {
  const { rng } = brush;
  const first = color ?? rgb(rng.pick(['d8433a', 'e8983a', '3f7fd0', '8a4fb5', '2f9a7a']));
  const second = mix(first, rgb(rng.pick(['fff3d8', 'ffd75a', 'fff3d8'])), 0.85);
  const envelope = blob([
    [0, -0.5],
    [0.22, -0.45],
    [0.36, -0.27],
    [0.35, -0.05],
    [0.22, 0.13],
    [0.07, 0.28],
    [-0.07, 0.28],
    [-0.22, 0.13],
    [-0.35, -0.05],
    [-0.36, -0.27],
    [-0.22, -0.45],
  ]);
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
    brush.form(polygon([...stroke2(gore(inner)), ...stroke2(gore(outer)).reverse()]), second, {
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
function stroke2(points: readonly Point[]): Point[] {
  return points.flatMap(([x, y], index): Point[] => {
    const [nx, ny] = points[index + 1] ?? [x, y];
    return [
      [x, y],
      [(x + nx) / 2 + (x + nx) * 0.04, (y + ny) / 2],
    ];
  });
}
