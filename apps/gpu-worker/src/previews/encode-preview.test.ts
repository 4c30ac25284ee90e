import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { encodePreview, PREVIEW_BYTES } from './encode-preview.ts';

function aPicture(width: number, height: number) {
  return sharp({ create: { width, height, channels: 3, background: { r: 200, g: 40, b: 90 } } });
}

describe('encodePreview', () => {
  it.each([
    ['png', 1024, 768, 512, 384],
    ['jpeg', 300, 2048, 75, 512],
    ['webp', 64, 48, 64, 48],
  ] as const)('makes a small WebP of a %s file of %i × %i pixels', async (format, width, height, wide, high) => {
    const preview = await encodePreview(await aPicture(width, height).toFormat(format).toBuffer());

    expect(await sharp(preview).metadata()).toMatchObject({ format: 'webp', width: wide, height: high });
  });

  it('leaves out what the file told', async () => {
    const told = await aPicture(64, 64)
      .withExif({ IFD0: { ImageDescription: 'a secret prompt' } })
      .png()
      .toBuffer();

    const preview = await encodePreview(told);

    expect((await sharp(preview).metadata()).exif).toBeUndefined();
    expect(Buffer.from(preview).includes('secret')).toBe(false);
  });

  it('keeps within its bytes, noise or not', async () => {
    const { buffer } = new Uint8Array(512 * 512 * 3).map(
      (_, at) => (Math.imul(at ^ 0x5b_d1e9, 2_654_435_761) >>> 13) & 255,
    );
    const noise = await sharp(new Uint8Array(buffer), { raw: { width: 512, height: 512, channels: 3 } })
      .png()
      .toBuffer();

    expect((await encodePreview(noise)).byteLength).toBeLessThanOrEqual(PREVIEW_BYTES);
  });

  it('takes a picture with one channel, or with alpha', async () => {
    const grey = await aPicture(32, 32).toColourspace('b-w').png().toBuffer();
    const clear = await aPicture(32, 32).ensureAlpha(0.5).png().toBuffer();

    for (const picture of [grey, clear]) {
      expect(await sharp(await encodePreview(picture)).metadata()).toMatchObject({ format: 'webp', hasAlpha: false });
    }
  });

  it('refuses what is no picture, or a truncated one', async () => {
    const whole = await aPicture(256, 256).png().toBuffer();

    await expect(encodePreview(Buffer.from('no picture'))).rejects.toThrow();
    await expect(encodePreview(whole.subarray(0, whole.length / 2))).rejects.toThrow();
  });
});
