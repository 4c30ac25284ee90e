import { LIMITS, type OutputOptions } from '@afterimage/job-schemas';
import sharp, { type Sharp } from 'sharp';
import type { EngineImage } from '../engines/engine.ts';
import { EngineError } from '../engines/engine-error.ts';
import { type ImageMetadata, withJpegExif, withPngText, withWebpExif } from './encode-image-metadata.ts';
import type { EncodedImage } from './store-image.ts';

/** Nothing that an engine may hand over is larger: a file that claims to be is refused before it is decoded. */
const MOST_PIXELS = LIMITS.side.max ** 2;
/** Row filters save a third of a smooth picture; zlib levels above cost twice the time for two per cent. */
const PNG = { compressionLevel: 4, adaptiveFiltering: true };
/** Of 0 to 6: libwebp's default is 4, and half as fast. */
const WEBP_EFFORT = 2;
const SOFTWARE = 'Afterimage';

/**
 * Writes an engine's picture as a file of the wanted format. With `embedParameters` the file carries `parameters` as
 * AUTOMATIC1111's web UI writes them (PNG text, EXIF `UserComment`) and the name of what made it, else no metadata.
 *
 * @throws EngineError `bad_output` when the engine's bytes are not a picture
 */
export async function encodeImage(
  image: EngineImage,
  options: OutputOptions,
  parameters: string,
): Promise<EncodedImage> {
  const metadata = options.embedParameters ? { parameters, software: image.software ?? SOFTWARE } : undefined;
  try {
    return await encode(image, options, metadata);
  } catch (cause) {
    throw new EngineError('bad_output', `image ${image.index} cannot be encoded as ${options.format}`, {
      isRetryable: true,
      cause,
    });
  }
}

async function encode(
  image: EngineImage,
  options: OutputOptions,
  metadata: ImageMetadata | undefined,
): Promise<EncodedImage> {
  const picture = open(image);
  const contentType = `image/${options.format}`;
  if (options.format === 'png') {
    const facts = image.pixels.kind === 'encoded' ? await picture.metadata() : undefined;
    // The pixels of a PNG file stay as they are: only its text is exchanged.
    if (facts?.format === 'png') {
      return { data: withPngText(image.pixels.data, metadata), contentType, width: facts.width, height: facts.height };
    }
    const { data, info } = await picture.png(PNG).toBuffer({ resolveWithObject: true });
    return { data: withPngText(data, metadata), contentType, width: info.width, height: info.height };
  }
  const encoder =
    options.format === 'jpeg'
      ? picture.jpeg({ quality: options.quality })
      : picture.webp({ quality: options.quality, effort: WEBP_EFFORT });
  const { data, info } = await encoder.toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  if (metadata === undefined) return { data, contentType, width, height };
  const file = options.format === 'jpeg' ? withJpegExif(data, metadata) : withWebpExif(data, metadata, width, height);
  return { data: file, contentType, width, height };
}

function open({ pixels, width, height }: EngineImage): Sharp {
  return pixels.kind === 'encoded'
    ? sharp(pixels.data, { limitInputPixels: MOST_PIXELS, failOn: 'error' })
    : sharp(pixels.data, { raw: { width, height, channels: 3 }, limitInputPixels: MOST_PIXELS });
}
