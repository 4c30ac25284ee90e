import { describe, expect, it } from 'vitest';
import { SUBJECT_WORDS, type SubjectKind } from '../prompt/subjects.ts';
import { composeScene } from './compose-scene.ts';
import { createCanvas } from '../raster/canvas.ts';
import { render } from '../raster/render.ts';

function pixelsOf(prompt: string, negativePrompt = ''): Float32Array {
  const layers = composeScene({ prompt, negativePrompt, width: 64, height: 64, seed: 3, guidance: 7 });
  const work = render(layers, createCanvas(64, 64));
  for (;;) {
    const next = work.next();
    if (next.done === true) return next.value.data;
  }
}

const kinds = Object.keys(SUBJECT_WORDS) as SubjectKind[];

describe('every subject', () => {
  it.each(kinds)('shows in the picture: %s', (kind) => {
    const word = SUBJECT_WORDS[kind].split(' ')[0] ?? kind;
    const prompt = `${word} at night, calm`;
    const [there, gone] = [pixelsOf(prompt), pixelsOf(prompt, word)];
    const changed = there.filter((value, index) => Math.abs(value - (gone[index] ?? 0)) > 0.03).length;
    expect(there.every(Number.isFinite)).toBe(true);
    expect(changed).toBeGreaterThan(60);
  });
});
