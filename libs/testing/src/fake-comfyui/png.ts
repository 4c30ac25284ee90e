import { crc32, deflateSync } from 'node:zlib';

/** What a picture of the fake shows. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly images: number;
  /** One colour, 0xRRGGBB, or a pattern of this seed. */
  readonly fill: { readonly color: number } | { readonly seed: number };
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), body.length + 4);
  return frame;
}

function pixel(fill: Picture['fill'], x: number, y: number): readonly [number, number, number] {
  if ('color' in fill) return [(fill.color >> 16) & 255, (fill.color >> 8) & 255, fill.color & 255];
  return [(x * 3 + fill.seed) & 255, (y * 5 + fill.seed * 7) & 255, (x + y + fill.seed * 13) & 255];
}

/** A real PNG: 8 bit RGB. */
export function encodePng({ width, height, fill }: Omit<Picture, 'images'>): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) rows.set(pixel(fill, x, y), y * (width * 3 + 1) + 1 + x * 3);
  }
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Width and height of a PNG; undefined for other bytes. */
export function readPngSize(data: Uint8Array): { readonly width: number; readonly height: number } | undefined {
  const bytes = Buffer.from(data);
  if (bytes.length < 24 || !bytes.subarray(0, 8).equals(SIGNATURE)) return undefined;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
