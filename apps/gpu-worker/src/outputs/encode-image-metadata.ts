import { crc32 } from 'node:zlib';

/** What a file tells of how it was made. */
export interface EmbeddedText {
  /** As AUTOMATIC1111's web UI writes it; in every format. */
  readonly parameters: string;
  /** A workflow as ComfyUI writes it; in PNG files alone. */
  readonly prompt?: string;
}

/** What is written into a file beside its pixels. */
export interface ImageMetadata extends EmbeddedText {
  readonly software: string;
}

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Chunks that the pixels need; all others are comments, times and the like. */
const PIXEL_CHUNKS: ReadonlySet<string> = new Set([
  'IHDR',
  'PLTE',
  'tRNS',
  'gAMA',
  'cHRM',
  'sRGB',
  'iCCP',
  'sBIT',
  'pHYs',
  'bKGD',
  'IDAT',
  'IEND',
]);
/** EXIF flag of the VP8X header (RFC 9649, section 2.7). */
const WEBP_EXIF_FLAG = 0x08;
const WEBP_ALPHA_FLAG = 0x10;

/**
 * Rewrites the text of a PNG file: what it said is dropped, `metadata` is put in as `parameters`, `prompt` and `Software`.
 * @throws RangeError when it is not a whole PNG file, or one whose checksums are wrong
 */
export function withPngText(file: Uint8Array, metadata: ImageMetadata | undefined): Buffer {
  const source = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (!source.subarray(0, 8).equals(PNG_SIGNATURE)) throw new RangeError('the file has no PNG signature');
  const parts: Buffer[] = [PNG_SIGNATURE];
  let type = '';
  for (let at = 8; type !== 'IEND';) {
    if (at + 12 > source.length) throw new RangeError('the PNG file ends within a chunk');
    const end = at + 12 + source.readUInt32BE(at);
    type = source.toString('latin1', at + 4, at + 8);
    if (end > source.length) throw new RangeError(`the PNG file ends within its ${type} chunk`);
    if (source.readUInt32BE(end - 4) !== crc32(source.subarray(at + 4, end - 4))) {
      throw new RangeError(`the checksum of the ${type} chunk is wrong`);
    }
    if (PIXEL_CHUNKS.has(type)) parts.push(source.subarray(at, end));
    if (type === 'IHDR' && metadata !== undefined) {
      parts.push(pngText('parameters', metadata.parameters));
      if (metadata.prompt !== undefined) parts.push(pngText('prompt', metadata.prompt));
      parts.push(pngText('Software', metadata.software));
    }
    at = end;
  }
  return Buffer.concat(parts);
}

/** `tEXt` holds Latin-1; anything else needs `iTXt`, which is UTF-8. NUL ends a text in both. */
function pngText(keyword: string, value: string): Buffer {
  const text = value.replaceAll('\0', '');
  const isLatin1 = Buffer.from(text, 'latin1').toString('latin1') === text;
  return isLatin1
    ? pngChunk('tEXt', Buffer.from(`${keyword}\0${text}`, 'latin1'))
    : pngChunk('iTXt', Buffer.from(`${keyword}\0\0\0\0\0${text}`, 'utf8'));
}

function pngChunk(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(data.length + 12);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, data.length + 8)), data.length + 8);
  return chunk;
}

/** Puts an EXIF segment into a JPEG file without one, behind the JFIF segment where it has one. */
export function withJpegExif(file: Buffer, metadata: ImageMetadata): Buffer {
  const hasJfif = file.readUInt16BE(2) === 0xff_e0;
  const at = hasJfif ? 4 + file.readUInt16BE(4) : 2;
  const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exifOf(metadata)]);
  const head = Buffer.alloc(4);
  head.writeUInt16BE(0xff_e1, 0);
  head.writeUInt16BE(exif.length + 2, 2);
  return Buffer.concat([file.subarray(0, at), head, exif, file.subarray(at)]);
}

/** Puts an EXIF chunk into a WebP file without one; a simple file becomes an extended one (RFC 9649). */
export function withWebpExif(file: Buffer, metadata: ImageMetadata, width: number, height: number): Buffer {
  const body = file.subarray(12);
  const isExtended = body.toString('latin1', 0, 4) === 'VP8X';
  const extended = isExtended ? Buffer.from(body) : Buffer.concat([webpHeader(body, width, height), body]);
  extended.writeUInt8(extended.readUInt8(8) | WEBP_EXIF_FLAG, 8);
  const content = Buffer.concat([Buffer.from('WEBP', 'latin1'), extended, webpChunk('EXIF', exifOf(metadata))]);
  return webpChunk('RIFF', content);
}

function webpHeader(body: Buffer, width: number, height: number): Buffer {
  const data = Buffer.alloc(10);
  // The lossless bitstream has one bit that tells whether alpha is used.
  const hasAlpha = body.toString('latin1', 0, 4) === 'VP8L' && (body.readUInt32LE(9) >>> 28) % 2 === 1;
  data.writeUInt8(hasAlpha ? WEBP_ALPHA_FLAG : 0, 0);
  data.writeUIntLE(width - 1, 4, 3);
  data.writeUIntLE(height - 1, 7, 3);
  return webpChunk('VP8X', data);
}

function webpChunk(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, 0, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}

/**
 * Text that an encoder is given to put into the EXIF block of an AVIF file, at least as long as what will replace it: the
 * file's index of its parts, which counts bytes, is then right from the beginning.
 */
export function avifPlaceholder(metadata: ImageMetadata): string {
  return 'x'.repeat(exifOf(metadata).length);
}

/**
 * Replaces the EXIF block around the placeholder.
 * @throws RangeError when it is not there
 */
export function withAvifExif(file: Buffer, metadata: ImageMetadata): Buffer {
  const exif = exifOf(metadata);
  const placeholderAt = file.indexOf('x'.repeat(exif.length), 0, 'latin1');
  const tiffAt = file.lastIndexOf('II*\0', placeholderAt, 'latin1');
  if (placeholderAt === -1 || tiffAt === -1) throw new RangeError('the AVIF file has no room for its metadata');
  file.fill(0, tiffAt, placeholderAt + exif.length);
  exif.copy(file, tiffAt);
  return file;
}

/** A TIFF block with `Software` and `UserComment`, big-endian and in UTF-16 as AUTOMATIC1111's web UI writes it. */
function exifOf({ parameters, software }: ImageMetadata): Buffer {
  const maker = Buffer.from(`${software}\0`, 'latin1');
  const comment = Buffer.concat([Buffer.from('UNICODE\0', 'latin1'), Buffer.from(parameters, 'utf16le').swap16()]);
  const makerAt = 8 + 2 + 2 * 12 + 4;
  const exifAt = makerAt + maker.length + (maker.length % 2);
  const commentAt = exifAt + 2 + 12 + 4;
  const tiff = Buffer.alloc(commentAt + comment.length);
  tiff.write('MM\0*', 0, 'latin1');
  tiff.writeUInt32BE(8, 4);
  tiff.writeUInt16BE(2, 8);
  writeEntry(tiff, 10, 0x01_31, 2, maker.length, makerAt);
  writeEntry(tiff, 22, 0x87_69, 4, 1, exifAt);
  maker.copy(tiff, makerAt);
  tiff.writeUInt16BE(1, exifAt);
  writeEntry(tiff, exifAt + 2, 0x92_86, 7, comment.length, commentAt);
  comment.copy(tiff, commentAt);
  return tiff;
}

function writeEntry(tiff: Buffer, at: number, tag: number, type: number, count: number, value: number): void {
  tiff.writeUInt16BE(tag, at);
  tiff.writeUInt16BE(type, at + 2);
  tiff.writeUInt32BE(count, at + 4);
  tiff.writeUInt32BE(value, at + 8);
}
