import { describe, expect, it } from 'vitest';
import { NormalNoise, philox } from './philox.ts';

const ALL = 0xffffffff;

describe('philox', () => {
  // The known answers that come with Random123, the authors' library.
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [ALL, ALL, ALL, ALL],
      [ALL, ALL],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ] as const)('makes of %j and key %j what its authors do', (counter, key, expected) => {
    const words = new Uint32Array(4);
    philox(counter, key, words);
    expect([...words]).toEqual(expected);
  });
});

describe('NormalNoise', () => {
  it('is that of torch.randn on CUDA', () => {
    const torch = [
      -0.92466259, -0.42534415, -2.6438457, 0.14518388, -0.12086647, -0.57972564, -0.62285122, -0.32838709, -1.07454231,
      -0.36314407, -1.67105067, 2.26550497,
    ];
    const drawn = new NormalNoise(0).draw(12);
    for (const [at, expected] of torch.entries()) expect(drawn[at]).toBeCloseTo(expected, 6);
  });

  it('is another one at each draw and for each seed, and the same one again', () => {
    const noise = new NormalNoise(5);
    const [first, second] = [noise.draw(4), noise.draw(4)];
    expect(second).not.toEqual(first);
    expect(new NormalNoise(6).draw(4)).not.toEqual(first);
    expect(new NormalNoise(5 + 2 ** 32).draw(4)).not.toEqual(first);
    expect(new NormalNoise(5).draw(4)).toEqual(first);
  });

  it('has mean 0 and deviation 1', () => {
    const drawn = new NormalNoise(3).draw(50_000);
    const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
    const power = drawn.reduce((sum, value) => sum + value ** 2, 0) / drawn.length;
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(power - 1)).toBeLessThan(0.02);
  });
});
