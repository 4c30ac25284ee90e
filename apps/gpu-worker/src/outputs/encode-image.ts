import { LIMITS, type OutputOptions } from '@afterimage/job-schemas';
import sharp, { type Sharp } from 'sharp';
import type { EngineImage } from '../engines/engine.ts';
import { EngineError } from '../engines/engine-error.ts';
import {
  avifPlaceholder,
  type EmbeddedText,
  type ImageMetadata,
  withAvifExif,
  withJpegExif,
  withPngText,
  withWebpExif,
} from './encode-image-metadata.ts';
import type { EncodedImage } from './store-image.ts';

/** Nothing that an engine may hand over is larger: a file that claims to be is refused before it is decoded. */
const MOST_PIXELS = (LIMITS.side.max * LIMITS.scale.max) ** 2;
/** Row filters save a third of a smooth picture; zlib levels above cost twice the time for two per cent. */
const PNG = { compressionLevel: 4, adaptiveFiltering: true };
/** Of 0 to 6: libwebp's default is 4, and half as fast. */
const WEBP_EFFORT = 2;
/** Of 0 to 9: an eighth larger than the default of 4, and twenty times as fast. */
const AVIF_EFFORT = 1;
const SOFTWARE = 'Afterimage';
const THUMBNAIL = { width: 256, height: 256, fit: 'inside', withoutEnlargement: true } as const;
const THUMBNAIL_QUALITY = 80;

/** What was asked of the file. */
type Options = Pick<OutputOptions, 'format' | 'quality'>;

/**
 * Writes an engine's picture as a file of the wanted format, and a thumbnail of it where that is wanted. With
 * `embedParameters` the file carries the text (PNG text, EXIF `UserComment`) and the name of what made it, else no
 * metadata; a thumbnail has none.
 *
 * @throws EngineError `bad_output` when the engine's bytes are not a picture of the size that it tells
 */
export async function encodeImage(
  image: EngineImage,
  options: OutputOptions,
  text: EmbeddedText,
): Promise<EncodedImage> {
  const metadata = options.embedParameters ? { ...text, software: image.software ?? SOFTWARE } : undefined;
  try {
    const data = await encode(image, options, metadata);
    const { width, height } = image;
    const file = { data, contentType: `image/${options.format}`, width, height };
    return options.thumbnail ? { ...file, thumbnail: await thumbnailOf(image) } : file;
  } catch (cause) {
    throw new EngineError('bad_output', `image ${image.index} cannot be encoded as ${options.format}`, {
      isRetryable: true,
      cause,
    });
  }
}

async function encode(image: EngineImage, options: Options, metadata: ImageMetadata | undefined): Promise<Buffer> {
  const { pixels, width, height } = image;
  const picture = open(image);
  if (pixels.kind === 'encoded') {
    const facts = await picture.metadata();
    if (facts.width !== width || facts.height !== height) {
      throw new RangeError(`a file of ${facts.width} × ${facts.height} pixels, told to be ${width} × ${height}`);
    }
    // The pixels of a PNG file stay as they are: only its text is exchanged.
    if (facts.format === 'png' && options.format === 'png') return withPngText(pixels.data, metadata);
  }
  return encodePixels(picture, options, metadata, image);
}

async function encodePixels(
  picture: Sharp,
  { format, quality }: Options,
  metadata: ImageMetadata | undefined,
  { width, height }: EngineImage,
): Promise<Buffer> {
  switch (format) {
    case 'png':
      return withPngText(await picture.png(PNG).toBuffer(), metadata);
    case 'jpeg': {
      const file = await picture.jpeg({ quality }).toBuffer();
      return metadata === undefined ? file : withJpegExif(file, metadata);
    }
    case 'webp': {
      const file = await picture.webp({ quality, effort: WEBP_EFFORT }).toBuffer();
      return metadata === undefined ? file : withWebpExif(file, metadata, width, height);
    }
    case 'avif': {
      const encoder = picture.avif({ quality, effort: AVIF_EFFORT });
      if (metadata === undefined) return encoder.toBuffer();
      const room = { IFD0: { ImageDescription: avifPlaceholder(metadata) } };
      return withAvifExif(await encoder.withExif(room).toBuffer(), metadata);
    }
  }
}

async function thumbnailOf(image: EngineImage): Promise<Buffer> {
  return open(image).resize(THUMBNAIL).webp({ quality: THUMBNAIL_QUALITY }).toBuffer();
}

function open({ pixels, width, height }: EngineImage): Sharp {
  return pixels.kind === 'encoded'
    ? sharp(pixels.data, { limitInputPixels: MOST_PIXELS, failOn: 'error' })
    : sharp(pixels.data, { raw: { width, height, channels: 3 }, limitInputPixels: MOST_PIXELS });
}
