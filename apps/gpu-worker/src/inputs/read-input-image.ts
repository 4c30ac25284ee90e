import { LIMITS } from '@afterimage/job-schemas';
import sharp, { type Metadata } from 'sharp';
import type { InputImage } from '../engines/engine.ts';
import { EngineError } from '../engines/engine-error.ts';

const { min, max } = LIMITS.side;
/** Of a picture of this size every pixel is decoded; a header that claims more is all that is read of the file. */
const MOST_PIXELS = max ** 2;

interface ImageType {
  readonly contentType: InputImage['contentType'];
  readonly format: 'png' | 'jpeg' | 'webp';
  matches(bytes: Buffer): boolean;
}

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const JPEG_SIGNATURE = Buffer.from([0xff, 0xd8, 0xff]);

const TYPES: readonly ImageType[] = [
  { contentType: 'image/png', format: 'png', matches: (bytes) => bytes.subarray(0, 8).equals(PNG_SIGNATURE) },
  { contentType: 'image/jpeg', format: 'jpeg', matches: (bytes) => bytes.subarray(0, 3).equals(JPEG_SIGNATURE) },
  {
    contentType: 'image/webp',
    format: 'webp',
    matches: (bytes) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP',
  },
];

function invalid(field: string, what: string, cause?: unknown): EngineError {
  return new EngineError('input_invalid', `${field} ${what}`, { isRetryable: false, cause });
}

function checkHeader(field: string, type: ImageType, { format, pages = 1, autoOrient }: Metadata): void {
  if (format !== type.format) throw invalid(field, 'is not the kind of image that it begins as');
  if (pages > 1) throw invalid(field, `must be one image, got an animation of ${pages}`);
  const { width, height } = autoOrient;
  if (Math.min(width, height) >= min && Math.max(width, height) <= max) return;
  throw invalid(field, `must be ${min} to ${max} pixels wide and high, got ${width} × ${height}`);
}

/**
 * Tells from the bytes alone what kind of image they are, and that it can be decoded; no other decoder sees them than
 * that of their kind.
 * @param field names the image in messages
 * @returns the size as it is seen, after the turn that a JPEG file may ask for
 * @throws EngineError `input_invalid`
 */
export async function readInputImage(data: Uint8Array, field: string): Promise<InputImage> {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const type = TYPES.find(({ matches }) => matches(bytes));
  if (type === undefined) throw invalid(field, 'must be a PNG, JPEG or WebP image');
  const broken = (cause: unknown): never => {
    throw invalid(field, `is a damaged ${type.format.toUpperCase()} file`, cause);
  };
  // Reads no further than the header, whatever size that claims.
  const header = await sharp(bytes, { limitInputPixels: false }).metadata().catch(broken);
  checkHeader(field, type, header);
  const { width, height } = header.autoOrient;
  // The last pixel takes the decoder through the whole file, without a second copy of the picture.
  await sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error', sequentialRead: true })
    .extract({ left: header.width - 1, top: header.height - 1, width: 1, height: 1 })
    .raw()
    .toBuffer()
    .catch(broken);
  return { data, contentType: type.contentType, width, height };
}
