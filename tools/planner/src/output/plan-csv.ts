import type { Plan } from '../plan.ts';
import type { SweepRow } from '../sweep.ts';

/** RFC 4180: a cell with a comma, a quote or an end of line is quoted. */
function csv(rows: readonly (readonly (string | number | boolean)[])[]): string {
  const cell = (value: string | number | boolean) => {
    const text = String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => `${row.map(cell).join(',')}\n`).join('');
}

/** One row for each line of the cost. */
export function planCsv({ lines }: Plan): string {
  return csv([
    ['group', 'service', 'what', 'fixed', 'quantity', 'unit', 'unitUsd', 'usd'],
    ...lines.map((line) => [
      line.group,
      line.service,
      line.what,
      line.isFixed,
      line.quantity,
      line.unit,
      line.unitUsd,
      line.usd,
    ]),
  ]);
}

/** One row for each plan of a sweep. */
export function sweepCsv(rows: readonly SweepRow[]): string {
  const settings = Object.keys(rows[0]?.settings ?? {});
  return csv([
    [
      ...settings,
      'usdPerMonth',
      'usdPerThousandImages',
      'waitP50',
      'waitP95',
      'waitP99',
      'busy',
      'idle',
      'scaleUp',
      'best',
    ],
    ...rows.map(({ settings: given, plan, isBest }) => [
      ...Object.values(given),
      plan.usd.total,
      plan.usd.perThousandImages,
      plan.simulation.waitSeconds.p50,
      plan.simulation.waitSeconds.p95,
      plan.simulation.waitSeconds.p99,
      plan.shares.busy,
      plan.shares.idle,
      plan.shares.scaleUp,
      isBest,
    ]),
  ]);
}
