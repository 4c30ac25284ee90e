import { describe, expect, it } from 'vitest';
import { addFill, type Layers } from './layer.ts';
import { ellipse, limb, polygon, rectangle, stroke } from './path.ts';
import { createCanvas } from './canvas.ts';
import { render } from './render.ts';

function painted(fill: (layers: Layers) => void, width = 40, height = 40): Float32Array {
  const shorter = Math.min(width, height);
  const layers: Layers = { width: width / shorter, height: height / shorter, list: [] };
  fill(layers);
  const work = render(layers, createCanvas(width, height));
  for (;;) {
    const next = work.next();
    if (next.done === true) return next.value.data;
  }
}

/** Covered area in scene units, from a white fill on black. */
function area(fill: (layers: Layers) => void): number {
  return painted(fill).reduce((sum, value) => sum + value, 0) / 3 / 40 ** 2;
}

const white = [1, 1, 1] as const;

describe('render', () => {
  it.each([
    ['a rectangle off the pixel grid', rectangle(0.11, 0.23, 0.513, 0.307), 0.513 * 0.307],
    ['a triangle', polygon('.1,.1 .9,.3 .2,.8'), 0.5 * (0.8 * 0.7 - 0.1 * 0.2)],
    ['a circle', ellipse(0.5, 0.5, 0.31), Math.PI * 0.31 ** 2],
    ['a limb', limb(0.3, 0.5, 0.1, 0.7, 0.5, 0.1), Math.PI * 0.01 + 0.4 * 0.2],
    ['a stroke', stroke('.2,.5 .8,.5', [0.1, 0.1]), 0.06],
    ['a shape half outside', rectangle(-0.5, 0.25, 1, 0.5), 0.25],
  ])('covers the exact area of %s', (_, path, expected) => {
    expect(area((layers) => addFill(layers, path, white))).toBeCloseTo(expected, 2);
  });

  it('cuts, clips and blends', () => {
    const square = rectangle(0.25, 0.25, 0.5, 0.5);
    const half = rectangle(0, 0, 0.5, 1);
    expect(area((layers) => addFill(layers, square, white, { clip: half }))).toBeCloseTo(0.125, 3);
    expect(area((layers) => addFill(layers, square, white, { cut: half }))).toBeCloseTo(0.125, 3);
    expect(area((layers) => addFill(layers, square, white, { alpha: 0.5 }))).toBeCloseTo(0.125, 3);
    const multiplied = painted((layers) => {
      addFill(layers, rectangle(0, 0, 1, 1), [0.5, 0.5, 0.5]);
      addFill(layers, rectangle(0, 0, 1, 1), [0.5, 1, 0], { blend: 'multiply' });
      addFill(layers, rectangle(0, 0, 1, 1), [0, 0, 0.5], { blend: 'screen' });
    });
    expect([...multiplied.subarray(0, 3)]).toEqual([0.25, 0.5, 0.5]);
  });

  it('keeps the area of a soft edge', () => {
    expect(area((layers) => addFill(layers, rectangle(0.3, 0.3, 0.4, 0.4), white, { soft: 0.15 }))).toBeCloseTo(
      0.16,
      2,
    );
  });

  it('paints nothing that lies outside', () => {
    expect(area((layers) => addFill(layers, rectangle(1.5, 0, 1, 1), white))).toBe(0);
  });

  it('reports growing fractions up to 1', () => {
    const layers: Layers = { width: 1, height: 1, list: [] };
    for (let index = 0; index < 5; index += 1) addFill(layers, rectangle(0, 0, 1, 1), white);
    const fractions = [...render(layers, createCanvas(300, 300))];
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBeCloseTo(1, 9);
    expect(fractions.length).toBeGreaterThan(10);
  });
});
