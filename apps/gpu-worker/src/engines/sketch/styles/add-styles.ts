import type { Style } from '../prompt/vocabulary.ts';
import { addFilter, type Filter } from '../raster/layer.ts';
import type { Stage } from '../scene/stage.ts';
import { lowPoly, pixelArt } from './mosaics.ts';
import { repaint } from './strokes.ts';
import { bloom, neon, noir, pastel, sepia } from './tones.ts';
import { comic, lineArt, watercolor } from './washes.ts';

/** Colours are graded before they are painted over; pixels and triangles come last. */
const ORDER: readonly Style[] = [
  'neon',
  'pastel',
  'sepia',
  'noir',
  'oil',
  'impressionist',
  'watercolor',
  'comic',
  'line',
  'poly',
  'pixel',
];

/** Renders the picture in the styles that the prompt names; a photograph's glow where it names none. */
export function addStyles(stage: Stage): void {
  const { reading, layers } = stage;
  const wanted = ORDER.filter((style) => reading.styles.has(style));
  for (const style of wanted) {
    for (const run of filtersOf(style, stage)) addFilter(layers, run);
  }
  const isPainted = wanted.some((style) => style !== 'pastel' && style !== 'sepia' && style !== 'noir');
  if (isPainted || stage.air.isFlat) return;
  const strength = reading.moods.has('dreamy') ? 0.5 : 0.16;
  addFilter(layers, (canvas, unit) => bloom(canvas, unit, reading.moods.has('dreamy') ? 0.55 : 0.74, strength));
}

function filtersOf(style: Style, { rng }: Stage): Filter['run'][] {
  const seed = rng.fork(`style ${style}`).next();
  const random = (label: string) => rng.fork(`${style} ${label}`);
  switch (style) {
    case 'watercolor':
      return [(canvas, unit) => watercolor(canvas, unit, seed)];
    case 'oil':
      return [
        (canvas, unit) =>
          repaint(canvas, unit, random('broad'), {
            length: 0.075,
            slimness: 0.3,
            jitter: 0.1,
            alpha: 0.85,
            density: 1.5,
          }),
        (canvas, unit) =>
          repaint(canvas, unit, random('fine'), {
            length: 0.034,
            slimness: 0.3,
            jitter: 0.07,
            alpha: 0.8,
            density: 1.6,
          }),
      ];
    case 'impressionist':
      return [
        (canvas, unit) =>
          repaint(canvas, unit, random('dabs'), { length: 0.034, slimness: 0.42, jitter: 0.3, alpha: 0.9, density: 3 }),
      ];
    case 'pixel':
      return [pixelArt];
    case 'line':
      return [(canvas, unit) => lineArt(canvas, unit, seed)];
    case 'comic':
      return [comic];
    case 'neon':
      return [neon];
    case 'pastel':
      return [pastel];
    case 'noir':
      return [noir];
    case 'sepia':
      return [sepia];
    case 'poly':
      return [(canvas, unit) => lowPoly(canvas, unit, random('net'))];
    default:
      return [];
  }
}
