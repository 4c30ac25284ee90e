export interface BackOff {
  readonly firstMs: number;
  readonly capMs: number;
}

/**
 * Milliseconds to wait after that many errors in a row. Doubles up to the cap; the upper half of it is random, so that
 * workers which failed together do not come back together.
 * @param random a number from 0 to 1
 */
export function backOffMs(errorsInARow: number, { firstMs, capMs }: BackOff, random: number): number {
  const full = Math.min(capMs, firstMs * 2 ** Math.min(errorsInARow - 1, 30));
  return full * (0.5 + random / 2);
}
