import { mix, type Rgb, rgb, scale } from '../raster/color.ts';
import { blob, ellipse, joined, type Point, polygon, stroke, mirrored } from '../raster/path.ts';
import type { Brush } from '../scene/brush.ts';
import { HAIR, SKIN } from './people.ts';

const LONG_HAIRED = ['woman', 'girl', 'lady', 'queen', 'princess', 'mother', 'grandmother', 'bride', 'witch'];
const SHORT_HAIRED = ['man', 'boy', 'king', 'prince', 'father', 'grandfather', 'guy', 'gentleman', 'wizard'];
const BEARDED = ['beard', 'bearded', 'wizard', 'viking', 'santa', 'pirate'];
const OLD = ['old', 'elderly', 'aged', 'grandmother', 'grandfather', 'wizard', 'santa'];

/** Head and shoulders, seen from the front; the lower edge of the picture at the origin, one unit tall. */
export function paintPortrait(brush: Brush, color: Rgb | undefined, words: ReadonlySet<string>): void {
  const { rng } = brush;
  const isSaid = (list: readonly string[]): boolean => list.some((word) => words.has(word));
  const skin = rgb(rng.pick(SKIN));
  const drawnHair = rgb(rng.pick(HAIR));
  const hair = isSaid(OLD) ? mix(drawnHair, rgb('d9d6d2'), 0.85) : drawnHair;
  const cloth = color ?? rgb(rng.pick(['7a2f4a', '2f5a6a', '3f5a3a', 'b5652f', '4a4a7a', 'e0d4c0']));
  const isLong = isSaid(LONG_HAIRED) || (!isSaid(SHORT_HAIRED) && rng.chance(0.6));
  if (isLong)
    brush.form(
      blob('0,-1.0 -.2,-.95 -.28,-.74 -.27,-.5 -.31,-.27 -.16,-.2 .16,-.2 .31,-.27 .27,-.5 .28,-.74 .2,-.95'),
      scale(hair, 0.8),
      { texture: 0.5 },
    );
  brush.form(blob('-.56,.06 -.52,-.16 -.34,-.26 -.12,-.31 .12,-.31 .34,-.26 .52,-.16 .56,.06'), cloth, {
    texture: 0.35,
  });
  brush.form(blob('-.085,-.5 -.09,-.34 -.15,-.29 0,-.2 .15,-.29 .09,-.34 .085,-.5'), scale(skin, 0.88), { rim: 0.2 });
  brush.fill(blob('-.1,-.47 0,-.4 .1,-.47 0,-.5'), scale(skin, 0.55), { soft: 0.04, alpha: 0.6 });
  for (const side of [-1, 1]) {
    brush.form(ellipse(side * 0.2, -0.66, 0.035, 0.055), scale(skin, 0.92));
    brush.form(mirrored(side, polygon('.14,-.31 .02,-.19 .12,-.12 .25,-.27')), scale(cloth, 1.15), { volume: 0.1 });
  }
  brush.form(
    blob('0,-.95 -.15,-.9 -.2,-.74 -.195,-.6 -.14,-.48 -.05,-.425 .05,-.425 .14,-.48 .195,-.6 .2,-.74 .15,-.9'),
    skin,
    { volume: 0.3, rim: 0.5, texture: 0.06 },
  );
  for (const side of [-1, 1])
    brush.fill(ellipse(side * 0.115, -0.58, 0.055, 0.04), mix(skin, rgb('e05a5a'), 0.55), { soft: 0.05, alpha: 0.4 });
  if (isSaid(BEARDED)) paintBeard(brush, hair);
  paintFeatures(brush, skin, hair);
  paintHair(brush, hair, isLong);
}

function paintBeard(brush: Brush, hair: Rgb): void {
  const beard = blob(
    '-.2,-.68 -.17,-.58 -.09,-.545 0,-.55 .09,-.545 .17,-.58 .2,-.68 .21,-.52 .15,-.38 .06,-.29 0,-.27 -.06,-.29 -.15,-.38 -.21,-.52',
  );
  brush.form(beard, scale(hair, 0.95), { texture: 0.6, rim: 0.4 });
  for (let lock = -5; lock <= 5; lock += 1) {
    const x = lock * 0.032;
    const line: Point[] = [
      [x, -0.5],
      [x * 0.9, -0.4],
      [x * 0.6, -0.31],
    ];
    brush.fill(stroke(line, [0.004, 0.012, 0.002]), scale(hair, lock % 2 === 0 ? 0.7 : 1.25), {
      alpha: 0.55,
      clip: beard,
    });
  }
}

function paintFeatures(brush: Brush, skin: Rgb, hair: Rgb): void {
  const iris = rgb(brush.rng.pick(['5a3a22', '3f6f8a', '4f7a4a', '2a1d18']));
  const line = mix(scale(skin, 0.35), rgb('2a1414'), 0.5);
  for (const side of [-1, 1]) {
    const x = side * 0.085;
    const eye = blob(
      [
        [x - 0.047, -0.672],
        [x, -0.7],
        [x + 0.047, -0.675],
        [x, -0.651],
      ],
      6,
    );
    brush.fill(ellipse(x, -0.69, 0.06, 0.04), scale(skin, 0.72), { soft: 0.03, alpha: 0.55 });
    brush.fill(eye, rgb('fbf7f2'));
    brush.fill(ellipse(x, -0.676, 0.024), iris, { clip: eye });
    brush.fill(ellipse(x, -0.676, 0.012), rgb('0c080a'), { clip: eye });
    brush.fill(ellipse(x + 0.008, -0.684, 0.0065), rgb('ffffff'), { isLit: true });
    brush.fill(
      stroke(
        [
          [x - 0.05, -0.67],
          [x, -0.702],
          [x + 0.05, -0.673],
        ],
        [0.006, 0.013, 0.008],
      ),
      line,
    );
    brush.fill(
      stroke(
        [
          [x - side * 0.048, -0.728],
          [x + side * 0.005, -0.75],
          [x + side * 0.062, -0.73],
        ],
        [0.019, 0.018, 0.005],
      ),
      scale(hair, 0.8),
    );
  }
  const nose: Point[] = [
    [0.012, -0.68],
    [0.022, -0.61],
    [0.034, -0.575],
    [0, -0.562],
  ];
  brush.fill(stroke(nose, [0.004, 0.014, 0.018, 0.008]), scale(skin, 0.68), { soft: 0.012, alpha: 0.8 });
  brush.fill(ellipse(-0.006, -0.59, 0.014, 0.02), mix(skin, rgb('ffffff'), 0.5), { soft: 0.02, alpha: 0.6 });
  for (const side of [-1, 1]) brush.fill(ellipse(side * 0.016, -0.563, 0.008, 0.005), line, { alpha: 0.65 });
  const lips = mix(skin, rgb('b5343f'), 0.6);
  brush.fill(blob('-.062,-.508 -.02,-.522 0,-.517 .02,-.522 .062,-.508 0,-.503'), scale(lips, 0.85));
  brush.fill(blob('-.058,-.507 0,-.503 .058,-.507 0,-.482'), lips);
  brush.fill(stroke('-.066,-.509 0,-.504 .066,-.509', [0.004, 0.006, 0.004]), line, { alpha: 0.7 });
}

function paintHair(brush: Brush, hair: Rgb, isLong: boolean): void {
  const { rng } = brush;
  const parting = rng.between(-0.08, 0.08);
  const cap = blob([
    [parting, -0.87],
    [-0.13, -0.84],
    [-0.19, -0.72],
    [-0.225, -0.7],
    [-0.24, -0.82],
    [-0.17, -0.97],
    [0, -1.03],
    [0.17, -0.97],
    [0.24, -0.82],
    [0.225, -0.7],
    [0.19, -0.72],
    [0.13, -0.84],
  ]);
  brush.form(cap, hair, { texture: 0.5, rim: 0.8 });
  const strands = isLong ? 9 : 5;
  for (const side of [-1, 1]) {
    for (let strand = 0; strand < strands; strand += 1) {
      const t = strand / strands;
      const tone = scale(hair, rng.between(0.8, 1.35));
      brush.fill(
        stroke(
          [
            [parting + side * 0.02, -1.0 + t * 0.12],
            [side * (0.14 + t * 0.05), -0.94 + t * 0.1],
            [side * (0.215 + t * 0.012), -0.76],
          ],
          [0.004, 0.012, 0.003],
        ),
        tone,
        { alpha: 0.55 },
      );
      if (isLong)
        brush.form(
          stroke(
            [
              [side * 0.22, -0.8],
              [side * (0.24 + t * 0.03), -0.55],
              [side * (0.2 + t * 0.1), -0.24 + t * 0.04],
            ],
            [0.03, 0.045, 0.006],
          ),
          tone,
          { volume: 0.3, rim: 0.3 },
        );
    }
  }
  if (isLong)
    brush.fill(joined(ellipse(-0.205, -0.6, 0.012), ellipse(0.205, -0.6, 0.012)), rgb('e6c46a'), {
      isLit: true,
      alpha: 0.8,
    });
}
