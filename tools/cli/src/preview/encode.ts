/** Control sequences that make terminals show pictures. */
const ESC = '\u001B';
const BEL = '\u0007';

/** In character cells. */
export interface CellSize {
  readonly columns: number;
  readonly rows: number;
}

/** Red, green, blue, one byte each, line by line. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Of base64, as much as the protocol lets one sequence have. */
const KITTY_CHUNK = 4096;

/** https://sw.kovidgoyal.net/kitty/graphics-protocol: transmit a PNG and show it; no answer is wanted (`q=2`). */
export function encodeKitty(png: Uint8Array, { columns, rows }: CellSize): string {
  const base64 = Buffer.from(png).toString('base64');
  const chunks = base64.match(new RegExp(`.{1,${KITTY_CHUNK}}`, 'g')) ?? [];
  const sequences = chunks.map((chunk, index) => {
    const first = index === 0 ? `a=T,f=100,q=2,c=${columns},r=${rows},` : '';
    return `${ESC}_G${first}m=${index === chunks.length - 1 ? 0 : 1};${chunk}${ESC}\\`;
  });
  return `${sequences.join('')}\n`;
}

/** https://iterm2.com/documentation-images.html */
export function encodeIterm2(png: Uint8Array, { columns, rows }: CellSize): string {
  const options = `inline=1;size=${png.length};width=${columns};height=${rows};preserveAspectRatio=1`;
  return `${ESC}]1337;File=${options}:${Buffer.from(png).toString('base64')}${BEL}\n`;
}

/** Two pixels a cell: the upper one is the colour of the half block, the lower one that of its background. */
export function encodeBlocks({ data, width, height }: Pixels): string {
  const colorAt = (x: number, y: number) => data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3).join(';');
  const lines: string[] = [];
  for (let y = 0; y + 1 < height; y += 2) {
    let line = '';
    let last = '';
    for (let x = 0; x < width; x += 1) {
      const color = `${ESC}[38;2;${colorAt(x, y)};48;2;${colorAt(x, y + 1)}m`;
      line += color === last ? '▀' : `${color}▀`;
      last = color;
    }
    lines.push(`${line}${ESC}[0m\n`);
  }
  return lines.join('');
}
