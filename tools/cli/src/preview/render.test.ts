import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import sixel from 'sixel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeBlocks, encodeKitty } from './encode.ts';
import { fitCells, renderPreview } from './render.ts';

const ROOM = { columns: 16, rows: 8 };
type Color = readonly number[];
const RED: Color = [220, 20, 30];
const BLUE: Color = [10, 30, 200];
let folder: string;

/** A picture that is red on the left and blue on the right. */
async function aPicture(format: 'png' | 'jpeg' | 'webp' | 'avif', width = 64, height = 64): Promise<string> {
  const half = (color: Color) =>
    sharp({ create: { width: width / 2, height, channels: 3, background: `rgb(${color.join(',')})` } })
      .png()
      .toBuffer();
  const [left, right] = await Promise.all([half(RED), half(BLUE)]);
  const picture = sharp({ create: { width, height, channels: 3, background: '#fff' } }).composite([
    { input: left, left: 0, top: 0 },
    { input: right, left: width / 2, top: 0 },
  ]);
  const file = join(folder, `picture-${width}x${height}.${format}`);
  await writeFile(file, await picture.toFormat(format, { quality: 95 }).toBuffer());
  return file;
}

/** How far two colours are apart, by their worst channel. */
function distance(a: Color, b: Color): number {
  return Math.max(...a.map((channel, index) => Math.abs(channel - (b[index] ?? Number.NaN))));
}

/** Cells of a line as pairs of colours, the upper and the lower one. */
function readBlocks(text: string): { upper: Color; lower: Color }[][] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      let color: number[] = [];
      // oxlint-disable-next-line no-control-regex -- control sequences are what is read
      return [...line.matchAll(/\u001B\[38;2;(\d+);(\d+);(\d+);48;2;(\d+);(\d+);(\d+)m|▀/g)].flatMap((match) => {
        if (match[0] !== '▀') color = match.slice(1).map(Number);
        return match[0] === '▀' ? [{ upper: color.slice(0, 3), lower: color.slice(3) }] : [];
      });
    });
}

async function pixelsOf(png: Buffer): Promise<{ width: number; height: number; at: (x: number, y: number) => Color }> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)];
  return { width: info.width, height: info.height, at };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'afterimage-preview-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('fitCells', () => {
  it.each([
    [
      { width: 512, height: 512 },
      { columns: 16, rows: 8 },
    ],
    [
      { width: 1024, height: 512 },
      { columns: 16, rows: 4 },
    ],
    [
      { width: 512, height: 1024 },
      { columns: 8, rows: 8 },
    ],
    [
      { width: 2048, height: 64 },
      { columns: 16, rows: 1 },
    ],
    [
      { width: 64, height: 2048 },
      { columns: 1, rows: 8 },
    ],
  ])('%j takes %j', (picture, cells) => {
    expect(fitCells(picture, ROOM)).toEqual(cells);
  });
});

describe('half blocks', () => {
  it.each(['png', 'jpeg', 'webp', 'avif'] as const)('show a %s cell by cell', async (format) => {
    const lines = readBlocks(await renderPreview(await aPicture(format), 'blocks', ROOM));
    expect(lines.map((cells) => cells.length)).toEqual(Array(8).fill(16));
    for (const cells of lines) {
      for (const [x, { upper, lower }] of cells.entries()) {
        // Where the halves meet the colours mix.
        if (x >= 6 && x <= 9) continue;
        expect(distance(upper, x < 8 ? RED : BLUE)).toBeLessThan(16);
        expect(distance(lower, x < 8 ? RED : BLUE)).toBeLessThan(16);
      }
    }
  });

  it('tell the upper from the lower pixel, write a colour once, and end each line without one', () => {
    const data = Uint8Array.from([1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6]);
    expect(encodeBlocks({ data, width: 2, height: 2 })).toBe('\u001B[38;2;1;2;3;48;2;4;5;6m▀▀\u001B[0m\n');
  });
});

describe('the Kitty protocol', () => {
  // oxlint-disable-next-line no-control-regex -- control sequences are what is read
  const SEQUENCE = /\u001B_G([^;]*);([^\u001B]*)\u001B\\/g;

  it('has the picture as a PNG, in cells', async () => {
    const text = await renderPreview(await aPicture('webp'), 'kitty', ROOM);
    const sequences = [...text.matchAll(SEQUENCE)];
    expect(sequences[0]?.[1]).toMatch(/^a=T,f=100,q=2,c=16,r=8,m=/);
    const { width, height, at } = await pixelsOf(Buffer.from(sequences.map(([, , chunk]) => chunk).join(''), 'base64'));
    expect({ width, height }).toEqual({ width: 160, height: 160 });
    expect(distance(at(5, 80), RED)).toBeLessThan(8);
    expect(distance(at(155, 80), BLUE)).toBeLessThan(8);
  });

  it('goes in chunks of 4096, of which only the last one says so', () => {
    const png = Uint8Array.from({ length: 10_000 }, (_, index) => index % 251);
    const text = encodeKitty(png, ROOM);
    const sequences = [...text.matchAll(SEQUENCE)];
    expect(sequences.map(([, options = '']) => options.slice(-3))).toEqual(['m=1', 'm=1', 'm=1', 'm=0']);
    expect(sequences.slice(1).every(([, options]) => /^m=\d$/.test(options ?? ''))).toBe(true);
    expect(sequences.map(([, , chunk = '']) => chunk.length)).toEqual([4096, 4096, 4096, 1048]);
    expect(Buffer.from(sequences.map(([, , chunk]) => chunk).join(''), 'base64')).toEqual(Buffer.from(png));
    expect(text.replaceAll(SEQUENCE, '')).toBe('\n');
  });
});

describe('the iTerm2 protocol', () => {
  it('has the picture as a PNG, with its size', async () => {
    const text = await renderPreview(await aPicture('png', 128, 64), 'iterm2', ROOM);
    // oxlint-disable-next-line no-control-regex -- control sequences are what is read
    const [, options, base64 = ''] = /^\u001B\]1337;File=([^:]*):([^\u0007]*)\u0007\n$/.exec(text) ?? [];
    const png = Buffer.from(base64, 'base64');
    expect(options).toBe(`inline=1;size=${png.length};width=16;height=4;preserveAspectRatio=1`);
    const { width, height, at } = await pixelsOf(png);
    expect({ width, height }).toEqual({ width: 160, height: 80 });
    expect(distance(at(5, 40), RED)).toBeLessThan(8);
  });
});

describe('Sixel', () => {
  it('has the pixels of the picture', async () => {
    const text = await renderPreview(await aPicture('jpeg', 64, 128), 'sixel', ROOM);
    // oxlint-disable-next-line no-control-regex -- control sequences are what is read
    const [, body = ''] = /^\u001BP[\d;]*q([^\u001B]*)\u001B\\\n$/.exec(text) ?? [];
    const { width, height, data32 } = await sixel.decodeAsync(Buffer.from(body, 'latin1'));
    expect({ width, height }).toEqual({ width: 80, height: 160 });
    const at = (x: number, y: number): Color => {
      const pixel = data32[y * width + x] ?? 0;
      return [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
    };
    expect(distance(at(5, 80), RED)).toBeLessThan(12);
    expect(distance(at(75, 80), BLUE)).toBeLessThan(12);
  });
});
