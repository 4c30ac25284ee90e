import { styleText } from 'node:util';

/** What the terminal of the reader can do. */
export interface Terminal {
  /** Characters in a line. */
  readonly width: number;
  readonly hasColor: boolean;
}

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** May be cut to make the table fit. */
  readonly isShrinkable?: boolean;
}

const GAP = '  ';
const LEAST_SHRUNK = 12;

function fit(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** A table with headings no wider than the terminal, as far as its shrinkable column gives way. */
export function formatColumns(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { width, hasColor }: Terminal,
): string {
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const total = widths.reduce((sum, each) => sum + each, 0) + GAP.length * (columns.length - 1);
  const shrinkable = columns.findIndex(({ isShrinkable }) => isShrinkable === true);
  const widest = widths[shrinkable];
  if (total > width && widest !== undefined) widths[shrinkable] = Math.max(LEAST_SHRUNK, widest - (total - width));
  const line = (cells: readonly string[]) =>
    columns
      .map(({ align }, index) => {
        const cell = fit(cells[index] ?? '', widths[index] ?? 0);
        return align === 'right' ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0);
      })
      .join(GAP)
      .trimEnd();
  const heading = line(columns.map(({ title }) => title));
  return [bold(heading, hasColor), ...rows.map(line)].map((each) => `${each}\n`).join('');
}

export function bold(text: string, hasColor: boolean): string {
  return hasColor ? styleText('bold', text, { validateStream: false }) : text;
}

/** Words in lines no wider than `width`, each after `indent`. */
export function wrap(text: string, width: number, indent = ''): string {
  const lines: string[] = [];
  let current = indent;
  for (const word of text.split(' ')) {
    const isFirst = current === indent;
    if (!isFirst && current.length + 1 + word.length > width) {
      lines.push(current);
      current = indent + word;
    } else current = isFirst ? indent + word : `${current} ${word}`;
  }
  return [...lines, current].map((line) => `${line}\n`).join('');
}
