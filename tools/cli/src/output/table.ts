/** Columns as wide as their longest cell, but for the last one; `paint` colours the first cell of a line. */
export function formatTable(
  rows: readonly (readonly string[])[],
  paint: (cell: string, row: readonly string[]) => string = (cell) => cell,
): string {
  const columns = Math.max(...rows.map((row) => row.length)) - 1;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) => {
    const [first = '', ...rest] = row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
    // The colour goes around the padded text, so that it does not count.
    return [paint(first, row), ...rest].join('  ');
  });
  return lines.map((line) => `${line}\n`).join('');
}
