import type { Canvas } from './canvas.ts';
import type { Rgb } from './color.ts';
import type { Path } from './path.ts';

/**
 * Colour of a point of the scene: writes red, green, blue into `out[0..2]`, and may change the alpha in `out[3]`,
 * which is 1 at the call.
 */
export type Shader = (x: number, y: number, out: Float32Array) => void;

type Blend = 'normal' | 'multiply' | 'screen';

/** A shape with its paint. Lengths are in scene units: the shorter side of the picture is 1. */
export interface Fill {
  readonly kind: 'fill';
  readonly path: Path;
  readonly paint: Rgb | Shader;
  readonly alpha: number;
  readonly blend: Blend;
  /** Blur of the edge. */
  readonly soft: number;
  /** Only where this covers. */
  readonly clip?: Path;
  /** Only where this does not cover. */
  readonly cut?: Path;
  /** Blur of the edge of `cut`. */
  readonly cutSoft: number;
}

/** Anything that reads the picture so far. Yields every few milliseconds, so that an abort is noticed. */
export interface Filter {
  readonly kind: 'filter';
  run(canvas: Canvas, pixelsPerUnit: number): Generator<void, void>;
}

type Layer = Fill | Filter;

/** How the layers of a picture are collected; nothing is drawn before the list is complete. */
export interface Layers {
  readonly width: number;
  readonly height: number;
  readonly list: Layer[];
}

export type FillOptions = Partial<Omit<Fill, 'kind' | 'path' | 'paint'>>;

export function addFill(layers: Layers, path: Path, paint: Rgb | Shader, options: FillOptions = {}): void {
  layers.list.push({ kind: 'fill', path, paint, alpha: 1, blend: 'normal', soft: 0, cutSoft: 0, ...options });
}

export function addFilter(layers: Layers, run: Filter['run']): void {
  layers.list.push({ kind: 'filter', run });
}

/** Calls `work` for bands of rows, with a yield after each: about a millisecond or two of work apiece. */
export function* inBands(canvas: Canvas, work: (y: number) => void, pixelsPerBand = 32_768): Generator<void, void> {
  const rows = Math.max(1, Math.floor(pixelsPerBand / canvas.width));
  for (let y = 0; y < canvas.height; y += 1) {
    work(y);
    if (y % rows === rows - 1) yield;
  }
}
