const NUMBER = new Intl.NumberFormat();
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `1,234`, or a dash where nothing is known. */
export function formatCount(value: number | null): string {
  return value === null ? '–' : NUMBER.format(value);
}

/** A time span in the unit that suits it: `840 ms`, `12.3 s`, `4.5 min`, `2.1 h`, `3.5 d`. */
export function formatMs(ms: number | null): string {
  if (ms === null) return '–';
  const bySize = [
    { unit: 'ms', size: 1, digits: 0 },
    { unit: 's', size: SECOND_MS, digits: 1 },
    { unit: 'min', size: MINUTE_MS, digits: 1 },
    { unit: 'h', size: HOUR_MS, digits: 1 },
    { unit: 'd', size: DAY_MS, digits: 1 },
  ];
  // A span that would be rounded up to one of the next unit is told in that one.
  const fitting = bySize.findLast(({ size }, index) => {
    const below = bySize[index - 1];
    return below === undefined || ms >= size - (below.size * 0.5) / 10 ** below.digits;
  });
  const { unit, size, digits } = fitting ?? { unit: 'ms', size: 1, digits: 0 };
  return `${(ms / size).toFixed(digits)} ${unit}`;
}

/** `98.7 %` */
export function formatShare(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(1)} %`;
}

/** `$0.0012` */
export function formatDollars(dollars: number | null): string {
  return dollars === null ? '–' : `$${dollars.toPrecision(2)}`;
}

/** `3.1 MB` */
export function formatBytes(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
