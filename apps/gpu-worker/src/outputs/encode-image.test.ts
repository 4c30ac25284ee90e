import { crc32 } from 'node:zlib';
import type { OutputOptions } from '@afterimage/job-schemas';
import * as fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { EngineImage } from '../engines/engine.ts';
import { encodeImage as encodeWith } from './encode-image.ts';

const encodeImage = (image: EngineImage, output: OutputOptions, parameters: string) =>
  encodeWith(image, output, { parameters });
const [width, height] = [72, 40];
const pixels = Uint8Array.from({ length: width * height * 3 }, (_, index) => (index * 7 + (index >> 5)) % 256);
const raw: EngineImage = {
  index: 0,
  seed: 1,
  width,
  height,
  software: 'Afterimage sketch',
  pixels: { kind: 'raw-rgb', data: pixels },
};
const encoded = (data: Uint8Array): EngineImage => ({
  index: 0,
  seed: 1,
  width,
  height,
  pixels: { kind: 'encoded', data },
});
const asPng = () => sharp(pixels, { raw: { width, height, channels: 3 } }).png();
const options = (format: OutputOptions['format'], embedParameters = true, thumbnail = false): OutputOptions => ({
  format,
  quality: 90,
  thumbnail,
  embedParameters,
});
const FORMATS = ['png', 'jpeg', 'webp', 'avif'] as const;
const latin = 'a café\nNegative prompt: dogs\nSteps: 20, Seed: 1';
const wide = 'a 猫 🐈 “quoted”\nSteps: 20';

/** Type and data of the chunks of a PNG file, after a check of their sums. */
function pngChunks(file: Uint8Array): { type: string; data: Buffer }[] {
  const bytes = Buffer.from(file);
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const body = bytes.subarray(at + 4, at + 8 + length);
    expect(bytes.readUInt32BE(at + 8 + length)).toBe(crc32(body));
    chunks.push({ type: body.toString('latin1', 0, 4), data: body.subarray(4) });
    at += length + 12;
  }
  return chunks;
}

/** Value of a tag of an EXIF block, found from its first directory or the EXIF one. */
function exifTag(exif: Buffer, tag: number): Buffer | undefined {
  const tiff = exif.subarray(exif.indexOf('MM\0*', 0, 'latin1'));
  const find = (directory: number, wanted: number): number | undefined => {
    const count = tiff.readUInt16BE(directory);
    const entries = Array.from({ length: count }, (_, index) => directory + 2 + index * 12);
    return entries.find((entry) => tiff.readUInt16BE(entry) === wanted);
  };
  const pointer = find(8, 0x87_69);
  const entry = find(8, tag) ?? (pointer === undefined ? undefined : find(tiff.readUInt32BE(pointer + 8), tag));
  if (entry === undefined) return undefined;
  const at = tiff.readUInt32BE(entry + 8);
  return tiff.subarray(at, at + tiff.readUInt32BE(entry + 4));
}

function userComment(exif: Buffer): string {
  const value = exifTag(exif, 0x92_86) ?? Buffer.alloc(8);
  expect(value.toString('latin1', 0, 8)).toBe('UNICODE\0');
  return Buffer.from(value.subarray(8)).swap16().toString('utf16le');
}

describe('encodeImage', () => {
  it.each(FORMATS)('writes %s of the right size that decodes to the picture', async (format) => {
    const file = await encodeImage(raw, options(format), latin);
    expect(file).toMatchObject({ contentType: `image/${format}`, width, height });
    const { info } = await sharp(file.data).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width, height, channels: 3 });
    expect((await sharp(file.data).metadata()).format).toBe(format === 'avif' ? 'heif' : format);
  });

  it('loses nothing of the picture in a PNG', async () => {
    const { data } = await encodeImage(raw, options('png'), latin);
    expect(Uint8Array.from(await sharp(data).removeAlpha().raw().toBuffer())).toEqual(pixels);
  });

  it('puts Latin-1 parameters into tEXt, others into iTXt', async () => {
    const plain = pngChunks((await encodeImage(raw, options('png'), latin)).data);
    expect(plain.slice(0, 3).map(({ type }) => type)).toEqual(['IHDR', 'tEXt', 'tEXt']);
    expect(plain[1]?.data.toString('latin1')).toBe(`parameters\0${latin}`);
    expect(plain[2]?.data.toString('latin1')).toBe('Software\0Afterimage sketch');
    const international = pngChunks((await encodeImage(raw, options('png'), wide)).data);
    expect(international[1]).toMatchObject({ type: 'iTXt' });
    expect(international[1]?.data.toString('utf8')).toBe(`parameters\0\0\0\0\0${wide}`);
  });

  it.each(['jpeg', 'webp', 'avif'] as const)('puts the parameters into the EXIF of %s', async (format) => {
    for (const parameters of [latin, wide, 'x'.repeat(16_500)]) {
      const { exif, software } = await exifOf((await encodeImage(raw, options(format), parameters)).data);
      expect(userComment(exif)).toBe(parameters);
      expect(software).toBe('Afterimage sketch\0');
    }
  });

  it.each(FORMATS)('writes %s without metadata when it shall not embed', async (format) => {
    const marked = await asPng()
      .withExif({ IFD0: { Copyright: 'somebody' } })
      .toBuffer();
    for (const image of [raw, encoded(marked)]) {
      const { data } = await encodeImage(image, options(format, false), latin);
      const { exif, comments, icc, xmp } = await sharp(data).metadata();
      expect([exif, comments, icc, xmp]).toEqual([undefined, undefined, undefined, undefined]);
      expect(Buffer.from(data).includes('dogs')).toBe(false);
    }
  });

  it('keeps the pixels of a PNG file as they came and replaces its text', async () => {
    const source = await asPng().toBuffer();
    const first = await encodeImage(encoded(source), options('png'), 'old prompt');
    const second = await encodeImage(encoded(first.data), options('png'), latin);
    const idat = (file: Uint8Array) => pngChunks(file).filter(({ type }) => type === 'IDAT');
    expect(idat(second.data)).toEqual(idat(source));
    expect(second).toMatchObject({ width, height });
    expect(
      pngChunks(second.data)
        .filter(({ type }) => type === 'tEXt')
        .map(({ data }) => data.toString('latin1')),
    ).toEqual([`parameters\0${latin}`, 'Software\0Afterimage']);
  });

  it('refuses a PNG file whose pixels were garbled on the way', async () => {
    const source = await asPng().toBuffer();
    source.writeUInt8(source.readUInt8(source.length - 30) ^ 1, source.length - 30);

    await expect(encodeImage(encoded(source), options('png'), latin)).rejects.toMatchObject({ code: 'bad_output' });
  });

  it.each(FORMATS)('refuses a file of another size than the engine told (%s)', async (format) => {
    const other = await sharp({ create: { width: 80, height, channels: 3, background: '#000' } })
      .png()
      .toBuffer();

    await expect(encodeImage(encoded(other), options(format), latin)).rejects.toMatchObject({ code: 'bad_output' });
  });

  it('writes a workflow into PNG files as ComfyUI does, and into no others', async () => {
    const prompt = '{"3":{"class_type":"KSampler"}}';
    const png = await encodeWith(raw, options('png'), { parameters: latin, prompt });
    const bare = await encodeWith(raw, options('png', false), { parameters: latin, prompt });
    const jpeg = await encodeWith(raw, options('jpeg'), { parameters: latin, prompt });

    expect(pngChunks(png.data)[2]).toMatchObject({ type: 'tEXt', data: Buffer.from(`prompt\0${prompt}`) });
    for (const { data } of [bare, jpeg]) expect(Buffer.from(data).includes('KSampler')).toBe(false);
  });

  it('turns a file of one format into another', async () => {
    const jpeg = await encodeImage(encoded(await asPng().toBuffer()), options('jpeg'), latin);
    expect(userComment((await exifOf(jpeg.data)).exif)).toBe(latin);
  });

  it.each([
    ['no picture', Buffer.from('<html>502 Bad Gateway</html>')],
    ['a torn file', undefined],
  ])('refuses %s as bad output', async (_, bytes) => {
    const data = bytes ?? (await asPng().toBuffer()).subarray(0, 60);
    for (const format of FORMATS) {
      await expect(encodeImage(encoded(data), options(format), latin)).rejects.toMatchObject({
        code: 'bad_output',
        isRetryable: true,
      });
    }
  });

  it('makes a thumbnail of at most 256 pixels, without metadata, when it is asked for', async () => {
    const wide = await sharp({ create: { width: 640, height: 320, channels: 3, background: '#369' } })
      .withExif({ IFD0: { Copyright: 'somebody' } })
      .png()
      .toBuffer();
    const large: EngineImage = { ...encoded(wide), width: 640, height: 320 };
    for (const format of FORMATS) {
      const { thumbnail = Buffer.alloc(0) } = await encodeImage(large, options(format, true, true), latin);
      const facts = await sharp(thumbnail).metadata();
      expect(facts).toMatchObject({ format: 'webp', width: 256, height: 128 });
      expect(facts.exif).toBeUndefined();
    }
    const small = await encodeImage(raw, options('png', true, true), latin);
    expect(await sharp(small.thumbnail).metadata()).toMatchObject({ width, height });
    expect(await encodeImage(raw, options('png'), latin)).not.toHaveProperty('thumbnail');
  });

  it('takes what an upscale by the largest factor makes', async () => {
    const side = 8192;
    const file = await sharp({ create: { width: side, height: side, channels: 3, background: '#369' } })
      .png({ compressionLevel: 1 })
      .toBuffer();
    const image: EngineImage = { ...encoded(file), width: side, height: side };

    const { thumbnail, ...output } = await encodeImage(image, options('png', true, true), latin);

    expect(output).toMatchObject({ width: side, height: side });
    expect(await sharp(thumbnail).metadata()).toMatchObject({ width: 256, height: 256 });
  });

  it('gives back any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 60 }), async (text) => {
        const [, chunk] = pngChunks((await encodeImage(raw, options('png'), text)).data);
        const encoding = chunk?.type === 'iTXt' ? 'utf8' : 'latin1';
        expect(chunk?.data.toString(encoding).replace(/^parameters\0+/, '')).toBe(text.replaceAll('\0', ''));
        expect(userComment((await exifOf((await encodeImage(raw, options('webp'), text)).data)).exif)).toBe(text);
      }),
      { numRuns: 40 },
    );
  });
});

async function exifOf(file: Uint8Array): Promise<{ exif: Buffer; software: string }> {
  const { exif = Buffer.alloc(0) } = await sharp(file).metadata();
  return { exif, software: exifTag(exif, 0x01_31)?.toString('latin1') ?? '' };
}
