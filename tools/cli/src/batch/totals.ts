import type { LineEnd } from './state-file.ts';

/** Lines of a run by what has become of them. */
export interface Totals {
  readonly total: number;
  readonly succeeded: number;
  /** Ended without images: failed, canceled, expired or refused. */
  readonly failed: number;
  readonly running: number;
  /** By the pace of this run; null until it has one. */
  readonly etaSeconds: number | null;
}

/** Counts the lines of a run. `ends` are those of all lines at its start, in earlier runs. */
export function makeTotals(ends: readonly (LineEnd | undefined)[], nowMs: () => number) {
  const startMs = nowMs();
  const running = new Set<number>();
  let succeeded = ends.filter((end) => end === 'succeeded').length;
  let failed = ends.filter((end) => end !== undefined).length - succeeded;
  let endedHere = 0;
  return {
    seen(line: number, status: string): void {
      if (status === 'running') running.add(line);
      else running.delete(line);
    },
    ended(line: number, end: LineEnd | undefined): void {
      running.delete(line);
      endedHere += 1;
      if (end === 'succeeded') succeeded += 1;
      else failed += 1;
    },
    now(): Totals {
      const left = ends.length - succeeded - failed;
      const etaSeconds = endedHere === 0 ? null : ((nowMs() - startMs) / 1000 / endedHere) * left;
      return { total: ends.length, succeeded, failed, running: running.size, etaSeconds };
    },
  };
}
