import { type CellSize, encodeBlocks, encodeIterm2, encodeKitty, type Pixels } from './encode.ts';
import type { PreviewProtocol } from './protocol.ts';

/** Pixels of a cell where the terminal does not tell: what most fonts come close to. */
const CELL = { width: 10, height: 20 };
/** What the palette of the oldest terminals with Sixel does not have, and all of today's do. */
const SIXEL_COLORS = 256;

/** As large as fits, with the proportions of the picture; a cell is twice as high as it is wide. */
export function fitCells(picture: { readonly width: number; readonly height: number }, room: CellSize): CellSize {
  const scale = Math.min(room.columns / picture.width, (room.rows * 2) / picture.height);
  return {
    columns: Math.max(1, Math.round(picture.width * scale)),
    rows: Math.max(1, Math.round((picture.height * scale) / 2)),
  };
}

/** The picture in a file as text for the terminal. Decoders are loaded when the first picture is shown. */
export async function renderPreview(file: string, protocol: PreviewProtocol, room: CellSize): Promise<string> {
  const { default: sharp } = await import('sharp');
  const { width, height } = await sharp(file).metadata();
  const cells = fitCells({ width, height }, room);
  const scaled = (cellWidth: number, cellHeight: number) =>
    sharp(file)
      .resize(cells.columns * cellWidth, cells.rows * cellHeight, { fit: 'fill' })
      // Terminals are dark more often than not.
      .flatten({ background: '#000' })
      .toColourspace('srgb');
  const toPixels = async (cellWidth: number, cellHeight: number): Promise<Pixels> => {
    const { data, info } = await scaled(cellWidth, cellHeight).raw().toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height };
  };
  switch (protocol) {
    case 'kitty':
      return encodeKitty(await scaled(CELL.width, CELL.height).png().toBuffer(), cells);
    case 'iterm2':
      return encodeIterm2(await scaled(CELL.width, CELL.height).png().toBuffer(), cells);
    case 'blocks':
      return encodeBlocks(await toPixels(1, 2));
    case 'sixel': {
      const { default: sixel } = await import('sixel');
      const { data, info } = await scaled(CELL.width, CELL.height)
        .ensureAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      // The encoder sorts a slice of its input, which is a copy for an Uint8Array, and the input itself for a Buffer.
      const pixels = Uint8Array.from(data);
      return `${sixel.image2sixel(pixels, info.width, info.height, SIXEL_COLORS)}\n`;
    }
  }
}
