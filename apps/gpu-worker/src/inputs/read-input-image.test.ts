import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readInputImage } from './read-input-image.ts';

const picture = (width: number, height: number, background = '#906030') =>
  sharp({ create: { width, height, channels: 3, background } });

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}

/** A valid PNG file of a few kilobytes that says it is this large. */
function pngThatClaims(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(Buffer.alloc(4096))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

const invalid = (message: RegExp) => ({
  code: 'input_invalid',
  isRetryable: false,
  message: expect.stringMatching(message),
});

describe('readInputImage', () => {
  it.each(['png', 'jpeg', 'webp'] as const)('takes %s and tells its size', async (format) => {
    const data = await picture(72, 2048).toFormat(format).toBuffer();

    expect(await readInputImage(data, 'input.image')).toEqual({
      data,
      contentType: `image/${format}`,
      width: 72,
      height: 2048,
    });
  });

  it('tells the size as it is seen of a JPEG that is to be turned', async () => {
    const data = await picture(80, 64).withMetadata({ orientation: 6 }).jpeg().toBuffer();

    expect(await readInputImage(data, 'input.image')).toMatchObject({ width: 64, height: 80 });
  });

  it.each<[string, () => Promise<Buffer> | Buffer]>([
    ['an AVIF', () => picture(64, 64).avif().toBuffer()],
    ['a GIF', () => picture(64, 64).gif().toBuffer()],
    ['a TIFF', () => picture(64, 64).tiff().toBuffer()],
    ['an SVG', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"/>')],
    ['a web page', () => Buffer.from('<html>not found</html>')],
    ['nothing', () => Buffer.alloc(0)],
  ])('refuses %s', async (_, make) => {
    await expect(readInputImage(await make(), 'input.mask')).rejects.toMatchObject(
      invalid(/^input\.mask must be a PNG, JPEG or WebP image$/),
    );
  });

  it.each([
    [63, 64],
    [64, 2049],
    [8000, 64],
  ])('refuses %i × %i pixels', async (width, height) => {
    const data = await picture(width, height).png().toBuffer();

    await expect(readInputImage(data, 'input.image')).rejects.toMatchObject(
      invalid(new RegExp(`64 to 2048 pixels wide and high, got ${width} × ${height}$`)),
    );
  });

  it('refuses a small file that claims to be huge, and allocates nothing for it', async () => {
    const bomb = pngThatClaims(30_000, 30_000);
    const rssBefore = process.memoryUsage.rss();

    await expect(readInputImage(bomb, 'input.image')).rejects.toMatchObject(invalid(/got 30000 × 30000$/));

    expect(process.memoryUsage.rss() - rssBefore).toBeLessThan(100_000_000);
  });

  it.each(['png', 'jpeg', 'webp'] as const)('refuses a torn %s file', async (format) => {
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
    const whole = await sharp({ create: { width: 256, height: 256, channels: 3, background: '#000', noise } })
      .toFormat(format)
      .toBuffer();

    await expect(readInputImage(whole.subarray(0, whole.length / 2), 'input.image')).rejects.toMatchObject(
      invalid(/^input\.image is a damaged/),
    );
    await expect(readInputImage(whole.subarray(0, 20), 'input.image')).rejects.toMatchObject(
      invalid(/^input\.image is a damaged/),
    );
  });

  it('refuses an animation', async () => {
    const frames = await Promise.all(['#fff', '#000'].map((colour) => picture(64, 64, colour).png().toBuffer()));
    const data = await sharp(frames, { join: { animated: true } })
      .webp()
      .toBuffer();

    await expect(readInputImage(data, 'input.image')).rejects.toMatchObject(invalid(/an animation of 2$/));
  });
});
