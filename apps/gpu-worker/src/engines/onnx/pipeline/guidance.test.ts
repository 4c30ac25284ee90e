import { describe, expect, it } from 'vitest';
import { emphasize } from './emphasis.ts';
import { guidanceEmbedding, guide } from './guidance.ts';

describe('guidance', () => {
  it('goes from the negative prompt beyond the prompt', () => {
    const [negative, positive] = [Float32Array.of(1, -2), Float32Array.of(3, -1)];
    expect([...guide(negative, positive, 0)]).toEqual([1, -2]);
    expect([...guide(negative, positive, 1)]).toEqual([3, -1]);
    expect([...guide(negative, positive, 7.5)]).toEqual([16, 5.5]);
  });

  it('is told to a consistency model in sines and cosines', () => {
    // Guidance 1.5 is 500; rates are 10000^(-at / 3).
    const embedding = guidanceEmbedding(1.5, 8);
    const angles = [500, 500 / 21.544_346_9, 500 / 464.158_883, 500 / 10_000];
    for (const [at, angle] of angles.entries()) {
      expect(embedding[at]).toBeCloseTo(Math.sin(angle), 4);
      expect(embedding[at + 4]).toBeCloseTo(Math.cos(angle), 4);
    }
    expect([...guidanceEmbedding(1, 4)]).toEqual([0, 0, 1, 1]);
  });
});

describe('emphasis', () => {
  it('multiplies the states of a token, and keeps the mean of all', () => {
    const states = Float32Array.of(1, 2, 3, 6);
    // 1, 2, 6, 12 have the mean 5.25, which was 3.
    expect([...emphasize(states, [1, 2])].map((value) => Math.round(value * 1e4) / 1e4)).toEqual([
      0.5714, 1.1429, 3.4286, 6.8571,
    ]);
  });

  it('leaves states alone where every weight is 1, and where there is no mean to keep', () => {
    const states = Float32Array.of(1, -1, 2, 4);
    expect(emphasize(states, [1, 1])).toBe(states);
    expect([...emphasize(Float32Array.of(1, -1, 0, 0), [2, 1])]).toEqual([2, -2, 0, 0]);
  });
});
