import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const PALETTE_COLOURS = 16;

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

/** Indexed pixels of a pattern; deflated once a size, since the colours come from the palette. */
const patterns = new Map<string, Buffer>();

function pattern(width: number, height: number): Buffer {
  const key = `${width}x${height}`;
  const known = patterns.get(key);
  if (known !== undefined) return known;
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    // The byte before each row, its filter, stays 0.
    for (let x = 0; x < width; x += 1) rows[y * (width + 1) + 1 + x] = ((x >> 3) + (y >> 3)) % PALETTE_COLOURS;
  }
  const deflated = deflateSync(rows, { level: 1 });
  patterns.set(key, deflated);
  return deflated;
}

function palette(seed: number): Buffer {
  const colours = Buffer.alloc(PALETTE_COLOURS * 3);
  for (let at = 0; at < colours.length; at += 1) colours[at] = (Math.imul(seed + at + 1, 2654435761) >>> 16) & 0xff;
  return colours;
}

export interface PictureOptions {
  readonly width: number;
  readonly height: number;
  /** Another seed gives other colours; null is a black picture. */
  readonly seed: number | null;
  /** Text of the chunk `parameters`, as the WebUI writes it. */
  readonly parameters: string;
}

/** A real PNG, cheap to make. */
export function makePicture({ width, height, seed, parameters }: PictureOptions): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt8(8, 8);
  // Colour type 3: indexed.
  header.writeUInt8(3, 9);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', seed === null ? Buffer.alloc(PALETTE_COLOURS * 3) : palette(seed)),
    chunk('tEXt', Buffer.from(`parameters\0${parameters}`, 'latin1')),
    chunk('IDAT', pattern(width, height)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
