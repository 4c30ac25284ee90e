const NUMBER = new Intl.NumberFormat();
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** `1,234`, or a dash where nothing is known. */
export function formatCount(value: number | null): string {
  return value === null ? '–' : NUMBER.format(value);
}

/** A time span in the unit that suits it: `840 ms`, `12.3 s`, `4.5 min`, `2.1 h`. */
export function formatMs(ms: number | null): string {
  if (ms === null) return '–';
  if (ms < SECOND_MS) return `${Math.round(ms)} ms`;
  if (ms < MINUTE_MS) return `${(ms / SECOND_MS).toFixed(1)} s`;
  if (ms < HOUR_MS) return `${(ms / MINUTE_MS).toFixed(1)} min`;
  return `${(ms / HOUR_MS).toFixed(1)} h`;
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
