import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { checkImage } from './check-image.ts';

const size = { width: 64, height: 48, slack: 1 };
const plain = { size, sources: [] };

function aPicture(background = 'white') {
  return sharp({ create: { width: 64, height: 48, channels: 3, background } });
}

function noise() {
  const noise = { type: 'gaussian', mean: 128, sigma: 50 } as const;
  return sharp({ create: { width: 64, height: 48, channels: 3, background: 'grey', noise } });
}

describe('checkImage', () => {
  it.each(['png', 'jpeg', 'webp'] as const)('takes a %s of the right size', async (format) => {
    const file = await noise().toFormat(format).toBuffer();
    expect(await checkImage(file, plain)).toEqual({ width: 64, height: 48 });
  });

  it.each(['black', 'white', '#336699'])('refuses a picture that is all %s', async (colour) => {
    const file = await aPicture(colour).png().toBuffer();
    const failure = { code: 'bad_output', isRetryable: false, message: expect.stringContaining('one colour') };
    await expect(checkImage(file, plain)).rejects.toMatchObject(failure);
    // It was made from one that is.
    expect(await checkImage(file, { size, sources: [file] })).toEqual({ width: 64, height: 48 });
    await expect(checkImage(file, { size, sources: [await noise().png().toBuffer()] })).rejects.toMatchObject(failure);
  });

  it('takes a picture with one pixel that differs', async () => {
    const dot = await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    const file = await aPicture()
      .composite([{ input: dot, left: 63, top: 47 }])
      .png()
      .toBuffer();
    expect(await checkImage(file, plain)).toEqual({ width: 64, height: 48 });
  });

  it('refuses a file that breaks off, whatever the size in its header', async () => {
    const file = await noise().png().toBuffer();
    const half = file.subarray(0, file.length / 2);
    expect(await sharp(half).metadata()).toMatchObject({ width: 64, height: 48 });
    await expect(checkImage(half, plain)).rejects.toMatchObject({ code: 'bad_output', cause: expect.any(Error) });
  });

  it.each(['', '<html>', 'GIF89a'])('refuses what is no picture: %j', async (text) => {
    await expect(checkImage(Buffer.from(text), plain)).rejects.toMatchObject({
      message: expect.stringContaining('no PNG'),
    });
  });

  it.each([{ width: 64, height: 48, slack: 1 }, { width: 71, height: 55, slack: 8 }, null])(
    'takes 64x48 for %j',
    async (asked) => {
      const file = await noise().png().toBuffer();
      expect(await checkImage(file, { size: asked, sources: [] })).toEqual({ width: 64, height: 48 });
    },
  );

  it.each([
    { width: 48, height: 64, slack: 1 },
    { width: 65, height: 48, slack: 1 },
    { width: 63, height: 48, slack: 8 },
    { width: 72, height: 48, slack: 8 },
  ])('refuses 64x48 for %j', async (asked) => {
    const file = await noise().png().toBuffer();
    await expect(checkImage(file, { size: asked, sources: [] })).rejects.toMatchObject({ code: 'bad_output' });
  });
});
