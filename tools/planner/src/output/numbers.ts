/** `1,234.50`, always with two digits: USD. */
export function usd(value: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** A quantity with as many digits as matter. */
export function quantity(value: number): string {
  const digits = value >= 100 || Number.isInteger(value) ? 0 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** `0.7 s`, `2.5 min`, `1.2 h`. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  return seconds < 7200 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
