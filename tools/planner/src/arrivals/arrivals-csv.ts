import { PlanError } from '../plan-error.ts';

/** How many wrong lines are told of at once. */
const MAX_ERRORS = 10;
const MAX_JOBS = 20_000_000;

interface Row {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly count: number;
}

function readLine(text: string, line: number): Row | string {
  const [time = '', count = '1', ...rest] = text.split(',').map((cell) => cell.trim());
  if (rest.length > 0) return `line ${line}: has ${rest.length + 2} columns, must be "timestamp" or "timestamp,count"`;
  const hasDate = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(time);
  const at = hasDate ? Date.parse(time) : Number.NaN;
  if (Number.isNaN(at)) return `line ${line}: "${time}" is no time, must be like 2026-01-31T09:00:00Z`;
  if (!/^\d{1,9}$/.test(count)) return `line ${line}: count "${count}" must be a whole number from 0 to 999999999`;
  return { at, count: Number(count) };
}

/**
 * Reads lines of `timestamp` or `timestamp,count` (jobs from then to the next line, evenly), with a heading or without, in any order.
 * @returns seconds of each job after the first line, in order, and how long the lines last
 * @throws PlanError that names each wrong line
 */
export function parseArrivals(csv: string, file: string): { readonly times: Float64Array; readonly seconds: number } {
  const errors: string[] = [];
  const rows: Row[] = [];
  for (const [index, text] of csv.split(/\r?\n/).entries()) {
    if (text.trim() === '' || (index === 0 && /^\s*"?timestamp"?\s*(,|$)/i.test(text))) continue;
    const row = readLine(text, index + 1);
    if (typeof row === 'string') errors.push(row);
    else rows.push(row);
  }
  if (errors.length > 0) {
    const more = errors.length > MAX_ERRORS ? [`and ${errors.length - MAX_ERRORS} more`] : [];
    throw new PlanError(`${file} has ${errors.length} wrong lines`, {
      lines: [...errors.slice(0, MAX_ERRORS), ...more],
    });
  }
  rows.sort((a, b) => a.at - b.at);
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined || first.at === last.at) {
    throw new PlanError(`${file} must have lines of at least two different times`);
  }
  const jobs = rows.reduce((sum, { count }) => sum + count, 0);
  if (jobs < 1 || jobs > MAX_JOBS) throw new PlanError(`${file} has ${jobs} jobs, must have from 1 to ${MAX_JOBS}`);
  const times = new Float64Array(jobs);
  const meanGap = (last.at - first.at) / (rows.length - 1);
  let filled = 0;
  for (const [index, { at, count }] of rows.entries()) {
    const gap = (rows[index + 1]?.at ?? at + meanGap) - at;
    for (let job = 0; job < count; job += 1) {
      times[filled] = (at - first.at + (gap * job) / count) / 1000;
      filled += 1;
    }
  }
  return { times, seconds: (last.at - first.at + meanGap) / 1000 };
}

/** The same again and again until the period is full, shortened when it is longer. */
export function repeatTo(times: Float64Array, seconds: number, periodSeconds: number): Float64Array {
  const rounds = Math.ceil(periodSeconds / seconds);
  if (rounds * times.length > MAX_JOBS * 2) throw new PlanError(`more than ${MAX_JOBS} jobs a month are not simulated`);
  const all: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const time of times) {
      const at = time + round * seconds;
      if (at < periodSeconds) all.push(at);
    }
  }
  return Float64Array.from(all);
}
