import { describe, expect, it } from 'vitest';
import { previewOf } from './preview.ts';

const frame = { width: 16, height: 8, fullWidth: 16, fullHeight: 8, latentWidth: 2, latentHeight: 1, latents: 8 };

describe('a preview', () => {
  it('has a pixel a latent, in the colours that its channels stand for', () => {
    // The first latent has 1 in its first channel, the second one in all of them.
    const latents = Float32Array.of(1, 1, 0, 1, 0, 1, 0, 1);
    expect(previewOf('sd', latents, frame)).toEqual({
      width: 2,
      height: 1,
      // 127.5 · (1 + 0.3512), …; the sums of the columns are 0.1813, 0.6417 and 0.1121.
      data: Uint8Array.of(172, 157, 169, 151, 209, 142),
    });
  });

  it('stays within what a pixel can be', () => {
    const { data } = previewOf('sdxl', Float32Array.of(99, -99, 0, 0, 0, 0, 0, 0), frame);
    expect([...data]).toEqual([255, 255, 255, 0, 0, 0]);
  });
});
