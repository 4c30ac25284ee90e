import { mix, type Rgb, rgb, scale } from '../raster/color.ts';
import { blob, ellipse, joined, limb, type Path, type Point, polygon, stroke, mirrored } from '../raster/path.ts';
import type { Rng } from '../rng.ts';
import type { Brush } from '../scene/brush.ts';

/** A fir, foot at the origin, one unit tall. */
export function paintPine(brush: Brush, color: Rgb, isDetailed: boolean): void {
  const { rng, air } = brush;
  const tiers = isDetailed ? 7 : 5;
  brush.fill(polygon('-.025,0 .025,0 .012,-.4 -.012,-.4'), rgb('4a3526'));
  const outline = pineOutline(rng, tiers);
  if (isDetailed) brush.form(outline, color, { volume: 0.3, texture: 0.5, rim: 0.35 });
  else brush.fill(outline, color);
  if (air.isSnowy && isDetailed)
    brush.fill(outline, rgb('eef3fa'), { alpha: 0.75, cut: shifted(outline, 0.012, 0.05) });
}

function shifted(path: Path, dx: number, dy: number): Path {
  return path.map((ring) => ring.map((value, index) => value + (index % 2 === 0 ? dx : dy)));
}

function pineOutline(rng: Rng, tiers: number): Path {
  const [left, right]: [Point[], Point[]] = [[], []];
  for (let tier = 0; tier < tiers; tier += 1) {
    const top = -1 + (tier / tiers) * 0.9;
    const bottom = top + 0.9 / tiers + 0.05;
    const wide = 0.05 + ((tier + 1) / tiers) * 0.2;
    const inner = wide * 0.5;
    right.push([inner * 0.55, top + 0.03], [wide * rng.between(0.85, 1.1), bottom + rng.between(-0.01, 0.02)]);
    left.push([-inner * 0.55, top + 0.03], [-wide * rng.between(0.85, 1.1), bottom + rng.between(-0.01, 0.02)]);
  }
  return polygon([[0, -1.03], ...right, [0, -0.06], ...left.reverse()]);
}

/** A broad-leaved tree, foot at the origin, one unit tall. */
export function paintLeafTree(brush: Brush, color: Rgb, isDetailed: boolean): void {
  const { rng } = brush;
  const bark = rgb('5a4130');
  brush.form(
    stroke(
      [
        [0, 0.01],
        [rng.between(-0.02, 0.02), -0.25],
        [rng.between(-0.03, 0.03), -0.5],
      ],
      [0.1, 0.06, 0.035],
    ),
    bark,
    { volume: 0.4 },
  );
  if (isDetailed) {
    for (const side of [-1, 1]) {
      brush.fill(mirrored(side, stroke('0,-.3 .1,-.42 .19,-.55', [0.04, 0.028, 0.012])), bark);
    }
  }
  const clumps = isDetailed ? 22 : 8;
  for (let clump = 0; clump < clumps; clump += 1) {
    const t = clump / (clumps - 1);
    const angle = rng.between(0, Math.PI * 2);
    const spread = Math.sqrt(rng.next()) * (1 - t * 0.45);
    const [x, y] = [Math.cos(angle) * 0.27 * spread, -0.66 + Math.sin(angle) * 0.22 * spread - t * 0.05];
    const shade = mix(scale(color, 0.6), scale(color, 1.4), t * 0.75 + rng.between(0, 0.25));
    const leaf = leafClump(rng, x, y, rng.between(0.13, 0.17) * (1 - t * 0.5));
    if (isDetailed) brush.form(leaf, shade, { volume: 0.35, texture: 0.6, rim: 0.25 });
    else brush.fill(leaf, shade);
  }
}

function leafClump(rng: Rng, x: number, y: number, radius: number): Path {
  const points: Point[] = [];
  for (let lobe = 0; lobe < 11; lobe += 1) {
    const angle = (lobe / 11) * Math.PI * 2;
    const reach = radius * rng.between(0.8, 1.15);
    points.push([x + Math.cos(angle) * reach, y + Math.sin(angle) * reach * 0.85]);
  }
  return blob(points, 5);
}

/** A palm leaning to one side, foot at the origin, one unit tall. */
export function paintPalm(brush: Brush): void {
  const { rng } = brush;
  const lean = rng.between(0.08, 0.2);
  brush.form(
    stroke(
      [
        [0, 0.01],
        [lean * 0.25, -0.3],
        [lean * 0.65, -0.58],
        [lean, -0.8],
      ],
      [0.055, 0.04, 0.034, 0.03],
    ),
    rgb('8a6a48'),
    { volume: 0.4 },
  );
  const green = rgb('3d7d3a');
  for (let frond = 0; frond < 11; frond += 1) {
    const angle = -Math.PI / 2 + ((frond % 2 === 0 ? -1 : 1) * (frond + 0.6) * Math.PI) / 12;
    const reach = rng.between(0.3, 0.38);
    const [dx, dy] = [Math.cos(angle) * reach, Math.sin(angle) * reach];
    const line: Point[] = [
      [lean, -0.8],
      [lean + dx * 0.5, -0.84 + dy * 0.62],
      [lean + dx, -0.76 + dy * 0.55 + 0.16],
    ];
    brush.form(stroke(line, [0.014, 0.055, 0.045, 0.004]), scale(green, rng.between(0.7, 1.2)), {
      volume: 0.3,
      rim: 0.4,
    });
  }
  for (const x of [-0.02, 0.02]) brush.form(ellipse(lean + x, -0.775, 0.022), rgb('6b4a2c'));
}

/** A cactus with two arms, foot at the origin, one unit tall. */
export function paintCactus(brush: Brush): void {
  const green = rgb('4f8a4c');
  brush.shadow(0, 0, 0.2);
  brush.form(joined(stroke('-.1,-.42 -.28,-.42 -.3,-.7', [0.11, 0.12, 0.1]), ellipse(-0.3, -0.7, 0.05)), green);
  brush.form(joined(stroke('.1,-.32 .27,-.34 .28,-.58', [0.1, 0.11, 0.09]), ellipse(0.28, -0.58, 0.045)), green);
  brush.form(limb(0, -0.06, 0.1, 0, -0.9, 0.095), green);
  for (const x of [-0.06, -0.02, 0.02, 0.06]) {
    brush.fill(
      stroke(
        [
          [x * 1.1, -0.02],
          [x, -0.5],
          [x * 0.85, -0.93],
        ],
        [0.006, 0.006, 0.004],
      ),
      rgb('2f5f34'),
      { alpha: 0.55 },
    );
  }
  brush.form(ellipse(0.03, -1, 0.035, 0.03), rgb('e85f93'));
}

/** Blades of grass along a line, `width` wide, roots at y = 0. */
export function paintGrass(brush: Brush, width: number, blades: number, color: Rgb): void {
  const { rng } = brush;
  for (let blade = 0; blade < blades; blade += 1) {
    const x = rng.between(0, width);
    const [lean, tall] = [rng.between(-0.35, 0.35), rng.between(0.4, 1)];
    const line: Point[] = [
      [x, 0.1],
      [x + lean * 0.3, -tall * 0.55],
      [x + lean, -tall],
    ];
    brush.fill(stroke(line, [0.06, 0.045, 0.004], 4), mix(scale(color, 0.55), scale(color, 1.3), rng.next()));
  }
}

/** A toadstool, foot at the origin, one unit tall. */
export function paintMushroom(brush: Brush, color: Rgb | undefined): void {
  brush.shadow(0, 0, 0.3);
  brush.form(blob('-.1,0 -.12,-.3 -.09,-.6 .09,-.6 .11,-.3 .12,0'), rgb('efe3cd'));
  brush.fill(ellipse(0, -0.53, 0.34, 0.06), rgb('c9b394'));
  const cap = blob('-.44,-.52 -.38,-.76 -.18,-.96 .02,-1 .22,-.95 .4,-.75 .44,-.52 0,-.5');
  brush.form(cap, color ?? rgb('c9302a'), { rim: 0.7 });
  for (const [x, y, r] of [
    [-0.22, -0.68, 0.055],
    [0.02, -0.85, 0.065],
    [0.22, -0.7, 0.05],
    [-0.02, -0.62, 0.04],
    [-0.32, -0.58, 0.03],
    [0.34, -0.58, 0.03],
  ] as const) {
    brush.fill(ellipse(x, y, r, r * 0.8), rgb('f7efe2'), { clip: cap });
  }
}
