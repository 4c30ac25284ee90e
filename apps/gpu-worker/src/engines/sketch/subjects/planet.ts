import { lerp, mix, type Rgb, rgb } from '../raster/color.ts';
import { fbm } from '../raster/noise.ts';
import { ellipse, stroke, type Point, turned } from '../raster/path.ts';
import type { Brush } from '../scene/brush.ts';

/** A planet with bands and a ring, one unit across, its middle at the origin. */
export function paintPlanet(brush: Brush, color: Rgb | undefined): void {
  const { rng } = brush;
  const base = color ?? rgb(rng.pick(['d9a066', 'c96a4a', '5f8fd0', '8a6fc0', '5fae9a']));
  const tilt = rng.between(-0.4, -0.15);
  const hasRing = rng.chance(0.65);
  const globe = ellipse(0, 0, 0.5);
  const [u, v] = [rng.next(), rng.next()];
  brush.glow(0, 0, 0.75, mix(base, [1, 1, 1], 0.3), 0.5);
  if (hasRing) paintRing(brush, base, tilt, Math.PI, Math.PI * 2);
  brush.form(globe, base, { volume: 0, texture: 0, isLit: true });
  for (let band = 0; band < 15; band += 1) {
    const y = -0.5 + band / 14;
    const tone = fbm(u, band * 0.13 + v);
    const line: Point[] = Array.from({ length: 7 }, (_, step) => [
      -0.55 + step * 0.185,
      y + (fbm(step * 0.09 + u, band * 0.21) - 0.5) * 0.09,
    ]);
    const shade: Rgb = [lerp(0.25, 1, tone), lerp(0.2, 0.96, tone), lerp(0.22, 0.86, tone)];
    brush.fill(turned(stroke(line, [0.05, 0.075, 0.05]), tilt, 0, 0), mix(base, shade, 0.42), {
      clip: globe,
      alpha: 0.55,
      soft: 0.02,
      isLit: true,
    });
  }
  const [lx, ly] = brush.air.toLight;
  brush.fill(globe, [0.02, 0.02, 0.07], {
    alpha: 0.88,
    cut: ellipse(lx * 0.24, ly * 0.24, 0.5),
    cutSoft: 0.3,
    isLit: true,
  });
  brush.fill(globe, mix(base, [1, 1, 1], 0.6), {
    alpha: 0.7,
    cut: ellipse(-lx * 0.03, -ly * 0.03, 0.49),
    cutSoft: 0.04,
    blend: 'screen',
    isLit: true,
  });
  if (hasRing) paintRing(brush, base, tilt, 0, Math.PI);
}

function paintRing(brush: Brush, base: Rgb, tilt: number, from: number, to: number): void {
  for (const [radius, width, alpha] of [
    [0.66, 0.035, 0.5],
    [0.73, 0.05, 0.8],
    [0.81, 0.045, 0.6],
    [0.88, 0.015, 0.4],
  ] as const) {
    const arc: Point[] = Array.from({ length: 25 }, (_, step) => {
      const angle = from + ((to - from) * step) / 24;
      return [Math.cos(angle) * radius, Math.sin(angle) * radius * 0.26];
    });
    brush.fill(turned(stroke(arc, [width * 0.5, width, width * 0.5], 2), tilt, 0, 0), mix(base, [1, 0.95, 0.85], 0.5), {
      alpha,
      isLit: true,
    });
  }
}
