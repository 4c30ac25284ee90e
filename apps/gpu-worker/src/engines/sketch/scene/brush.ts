import { mix, multiply, type Rgb, scale } from '../raster/color.ts';
import { addFill, type FillOptions, type Layers, type Shader } from '../raster/layer.ts';
import { grain } from '../raster/noise.ts';
import { bounds, ellipse, type Path, transform } from '../raster/path.ts';
import type { Rng } from '../rng.ts';
import type { Atmosphere } from './atmosphere.ts';

export interface Placement {
  readonly x: number;
  readonly y: number;
  /** Scene units that one unit of the subject's own coordinates takes. */
  readonly size: number;
  readonly isMirrored?: boolean;
  /** 0 at the front, 1 where everything fades into the haze. */
  readonly depth?: number;
}

export interface PaintOptions extends Pick<FillOptions, 'alpha' | 'blend' | 'soft' | 'clip' | 'cut' | 'cutSoft'> {
  /** Gives its own light: neither ambient light nor haze changes the colour. */
  readonly isLit?: boolean;
}

export interface FormOptions extends PaintOptions {
  /** How round it looks, as a share of its smaller side; 0 is flat. */
  readonly volume?: number;
  readonly texture?: number;
  /** Strength of the lit edge. */
  readonly rim?: number;
}

/** Draws one subject: in its own coordinates, in the light and air of the picture. */
export interface Brush {
  readonly air: Atmosphere;
  readonly rng: Rng;
  /** One plain colour. */
  fill(path: Path, color: Rgb, options?: PaintOptions): void;
  /** A body: a lit side, a side in the shade, an edge of light. */
  form(path: Path, color: Rgb, options?: FormOptions): void;
  /** Light around a point. */
  glow(x: number, y: number, radius: number, color: Rgb, alpha?: number): void;
  /** The shadow that something as wide as `radius` casts on the ground at the point. */
  shadow(x: number, y: number, radius: number): void;
  /** A brush whose coordinates are placed within this one's. */
  at(x: number, y: number, size: number, isMirrored?: boolean): Brush;
}

/** Scene units below which light and shade on a body cannot be seen. */
const TOO_THIN_TO_SHADE = 0.012;

export function createBrush(layers: Layers, air: Atmosphere, rng: Rng, placement: Placement): Brush {
  const { x: originX, y: originY, size, isMirrored = false, depth = 0 } = placement;
  const sx = isMirrored ? -size : size;
  const place = (path: Path): Path => transform(path, sx, size, originX, originY);
  const tone = (color: Rgb): Rgb => mix(multiply(color, air.ambient), air.haze, depth * air.hazeAmount);
  const placed = (options: PaintOptions): FillOptions => {
    const { clip, cut, soft, cutSoft, isLit: _, ...rest } = options;
    return {
      ...rest,
      ...(clip === undefined ? {} : { clip: place(clip) }),
      ...(cut === undefined ? {} : { cut: place(cut) }),
      soft: (soft ?? 0) * size,
      cutSoft: (cutSoft ?? 0) * size,
    };
  };

  function fill(path: Path, color: Rgb, options: PaintOptions = {}): void {
    addFill(layers, place(path), options.isLit === true ? color : tone(color), placed(options));
  }

  function form(path: Path, color: Rgb, options: FormOptions = {}): void {
    const outline = place(path);
    const { volume = 0.3, texture = 0.1, rim = 0.5, ...paint } = options;
    const shared = placed(paint);
    const base = tone(color);
    addFill(layers, outline, air.isFlat ? base : bodyShader(outline, base, texture), shared);
    const box = bounds(outline);
    const thickness = Math.min(box.right - box.left, box.bottom - box.top);
    if (volume === 0 || paint.cut !== undefined || thickness < TOO_THIN_TO_SHADE) return;
    const [lx, ly] = air.toLight;
    const reach = thickness * volume;
    addFill(layers, outline, mix(scale(air.haze, 0.35), [0.16, 0.14, 0.26], 0.6), {
      ...shared,
      alpha: (shared.alpha ?? 1) * (air.isFlat ? 0.22 : 0.5) * (1 - depth * 0.8),
      blend: 'multiply',
      cut: transform(outline, 1, 1, lx * reach, ly * reach),
      cutSoft: air.isFlat ? 0 : reach * 1.1,
    });
    if (air.isFlat || thickness < TOO_THIN_TO_SHADE * 2) return;
    const edge = Math.min(reach * 0.35, 0.02);
    addFill(layers, outline, air.light, {
      ...shared,
      alpha: (shared.alpha ?? 1) * rim * (1 - depth * 0.8) * (air.isDark ? 0.55 : 0.8),
      blend: 'screen',
      cut: transform(outline, 1, 1, -lx * edge, -ly * edge),
      cutSoft: edge * 1.6,
    });
  }

  function glow(x: number, y: number, radius: number, color: Rgb, alpha = 1): void {
    addGlow(layers, originX + x * sx, originY + y * size, radius * size, color, alpha * (1 - depth * 0.6));
  }

  function shadow(x: number, y: number, radius: number): void {
    const shift = -air.toLight[0] * radius * 0.35 * (isMirrored ? -1 : 1);
    fill(ellipse(x + shift, y, radius * 1.15, radius * 0.2), mix(scale(air.haze, 0.3), [0.05, 0.04, 0.12], 0.7), {
      alpha: air.isDark ? 0.5 : 0.42,
      soft: radius * 0.28,
      isLit: true,
    });
  }

  function at(x: number, y: number, factor: number, flip = false): Brush {
    return createBrush(layers, air, rng, {
      x: originX + x * sx,
      y: originY + y * size,
      size: size * factor,
      isMirrored: flip !== isMirrored,
      depth,
    });
  }

  return { air, rng, fill, form, glow, shadow, at };
}

/** Light falling off over a disc. */
export function addGlow(layers: Layers, x: number, y: number, radius: number, color: Rgb, alpha: number): void {
  const shader: Shader = (px, py, out) => {
    const distance = Math.hypot(px - x, py - y) / radius;
    const fall = distance >= 1 ? 0 : (1 - distance) * (1 - distance);
    out[3] = fall * fall * 0.55 + fall * 0.45;
    [out[0], out[1], out[2]] = color;
  };
  addFill(layers, ellipse(x, y, radius), shader, { alpha, blend: 'screen' });
}

function bodyShader(outline: Path, color: Rgb, texture: number): Shader {
  const { top, bottom } = bounds(outline);
  const height = bottom - top || 1;
  const [r, g, b] = color;
  return (x, y, out) => {
    const light = 1.06 - ((y - top) / height) * 0.16 + (grain(x * 3.1, y * 2.3) - 0.5) * texture * 0.55;
    out[0] = r * light;
    out[1] = g * light;
    out[2] = b * light;
  };
}
