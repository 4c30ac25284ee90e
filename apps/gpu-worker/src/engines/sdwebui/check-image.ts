import sharp from 'sharp';
import { EngineError } from '../engine-error.ts';
import type { Expected, ExpectedSize } from './webui-request.ts';

function badOutput(message: string, options: { isRetryable: boolean; cause?: unknown }): EngineError {
  return new EngineError('bad_output', message, options);
}

function isKnownFormat(file: Buffer): boolean {
  return (
    file.subarray(0, 8).toString('latin1') === '\x89PNG\r\n\x1a\n' ||
    file.subarray(0, 3).toString('latin1') === '\xff\xd8\xff' ||
    (file.subarray(0, 4).toString('latin1') === 'RIFF' && file.subarray(8, 12).toString('latin1') === 'WEBP')
  );
}

/** Whether all pixels are the same: minimum and maximum of each channel are equal. Most pictures end this at their second pixel. */
function isUniform(pixels: Buffer, channels: number): boolean {
  for (let at = channels; at < pixels.length; at += 1) {
    if (pixels[at] !== pixels[at - channels]) return false;
  }
  return true;
}

function isSized(width: number, height: number, size: ExpectedSize): boolean {
  const isNear = (side: number, asked: number) => side <= asked && asked - side < size.slack;
  return isNear(width, size.width) && isNear(height, size.height);
}

async function decode(file: Uint8Array) {
  return sharp(file).raw().toBuffer({ resolveWithObject: true });
}

async function hasUniformSource(sources: readonly Uint8Array[]): Promise<boolean> {
  for (const source of sources) {
    const { data, info } = await decode(source);
    if (isUniform(data, info.channels)) return true;
  }
  return false;
}

/**
 * Whether a file is the picture it should be: known format, decodable to its end, of the right size, and not of one colour,
 * which is what numbers that overflowed look like.
 * @throws EngineError `bad_output`
 */
export async function checkImage(
  file: Buffer,
  { size, sources }: Pick<Expected, 'size' | 'sources'>,
): Promise<{ readonly width: number; readonly height: number }> {
  if (!isKnownFormat(file)) throw badOutput('an image is no PNG, JPEG or WebP', { isRetryable: true });
  const { data, info } = await decode(file).catch((cause: unknown) => {
    throw badOutput('an image cannot be decoded', { isRetryable: true, cause });
  });
  const { width, height, channels } = info;
  if (size !== null && !isSized(width, height, size)) {
    throw badOutput(`an image is ${width}x${height} instead of ${size.width}x${size.height}`, { isRetryable: false });
  }
  if (isUniform(data, channels) && !(await hasUniformSource(sources))) {
    throw badOutput('an image is of one colour', { isRetryable: false });
  }
  return { width, height };
}
