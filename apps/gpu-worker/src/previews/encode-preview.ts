import sharp from 'sharp';

/** Longest side of a preview, in pixels. */
const PREVIEW_SIDE = 512;
/** The largest preview that is stored. */
export const PREVIEW_BYTES = 128 * 1024;
/** What an engine calls a preview may be its whole picture; no engine's picture between two steps is larger. */
const MOST_PIXELS = 4096 * 4096;
/** The second is for what does not get small enough, as noise does not. */
const TRIES = [
  { side: PREVIEW_SIDE, quality: 70 },
  { side: PREVIEW_SIDE / 2, quality: 30 },
];
const EFFORT = 2;

/**
 * A small WebP of an engine's picture, without anything that its file told beside the pixels.
 * @throws Error when the bytes are no picture, one that is too large, or one that does not get small enough
 */
export async function encodePreview(picture: Uint8Array): Promise<Uint8Array> {
  const { data, info } = await sharp(picture, { limitInputPixels: MOST_PIXELS, failOn: 'error' })
    .resize({ width: PREVIEW_SIDE, height: PREVIEW_SIDE, fit: 'inside', withoutEnlargement: true })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  for (const { side, quality } of TRIES) {
    const file = await sharp(data, { raw: { width, height, channels } })
      .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
      .webp({ quality, effort: EFFORT })
      .toBuffer();
    if (file.byteLength <= PREVIEW_BYTES) return file;
  }
  throw new RangeError(`a preview of ${width} × ${height} pixels takes more than ${PREVIEW_BYTES} bytes`);
}
