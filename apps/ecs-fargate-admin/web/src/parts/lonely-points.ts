/** Indexes of the values that no line leads to, because nothing stands before and after them. */
export function lonelyPoints(values: readonly (number | null)[]): number[] {
  return values.flatMap((value, index) => {
    const hasNeighbour = (values[index - 1] ?? null) !== null || (values[index + 1] ?? null) !== null;
    return value === null || hasNeighbour ? [] : [index];
  });
}
