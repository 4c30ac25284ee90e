import { ASSUMPTIONS } from '../assumptions.ts';
import { COST_GROUPS, totalUsd } from '../cost/cost-line.ts';
import type { Comparison } from '../guidance/compare.ts';
import type { Plan } from '../plan.ts';
import type { SweepRow } from '../sweep.ts';
import { bold, formatColumns, type Terminal, wrap } from './columns.ts';
import { duration, percent, quantity, usd } from './numbers.ts';

/** A line that costs less is left to its group's sum. */
const LEAST_USD = 0.005;

/** The cost of a month by line and how long jobs wait, for people. */
export function planText(plan: Plan, terminal: Terminal): string {
  const rows = COST_GROUPS.flatMap((group) => {
    const lines = plan.lines.filter((line) => line.group === group);
    if (lines.length === 0) return [];
    return [
      ...lines
        .filter((line) => line.usd >= LEAST_USD)
        .map((line) => [line.service, line.what, quantity(line.quantity), line.unit, usd(line.usd)]),
      ['', `${group} together`, '', '', usd(totalUsd(lines))],
    ];
  });
  const { simulation, shares } = plan;
  const wait = simulation.waitSeconds;
  const facts: [string, string][] = [
    ['a month', `$${usd(plan.usd.total)}, of which $${usd(plan.usd.fixed)} without any job`],
    ['1,000 images', `$${plan.usd.perThousandImages.toFixed(3)}`],
    [
      'queue wait',
      `p50 ${duration(wait.p50)}, p95 ${duration(wait.p95)}, p99 ${duration(wait.p99)}, at most ${duration(wait.max)}`,
    ],
    [
      'machine hours',
      `${quantity(plan.machineHours)}: ${percent(shares.busy)} busy, ${percent(shares.idle)} idle, ${percent(shares.scaleUp)} scaling up, ${percent(shares.lost)} lost`,
    ],
    [
      'machines',
      `at most ${simulation.mostMachines} at a time; ${simulation.launches.spot} starts on Spot, ${simulation.launches.onDemand} On-Demand`,
    ],
    ['Spot', `${simulation.interruptions} interruptions, ${simulation.lostRuns} runs begun anew`],
  ];
  return [
    formatColumns(
      [
        { title: 'SERVICE' },
        { title: 'WHAT', isShrinkable: true },
        { title: 'QUANTITY', align: 'right' },
        { title: 'UNIT' },
        { title: 'USD A MONTH', align: 'right' },
      ],
      rows,
      terminal,
    ),
    '\n',
    ...facts.map(([name, text]) => factText(name, text, terminal)),
  ].join('');
}

const NAME_WIDTH = 14;

function factText(name: string, text: string, { width, hasColor }: Terminal): string {
  const lines = wrap(text, width, ' '.repeat(NAME_WIDTH));
  return bold(name.padEnd(NAME_WIDTH), hasColor) + lines.slice(NAME_WIDTH);
}

/** What was taken for granted, with the names by which it is overridden. */
export function assumptionsText({ assumptions }: Plan, terminal: Terminal): string {
  const rows = Object.entries(ASSUMPTIONS).map(([name, { unit, about, value }]) => {
    const given = new Map(Object.entries(assumptions)).get(name) ?? value;
    return [name, `${given} ${unit}`.trim(), given === value ? '' : `not ${value}`, about];
  });
  const columns = [
    { title: 'ASSUMPTION' },
    { title: 'VALUE' },
    { title: 'CHANGED' },
    { title: 'WHAT', isShrinkable: true },
  ];
  return formatColumns(columns, rows, terminal);
}

/** A plan beside the guidance's table, with reasons. */
export function comparisonText(
  { rows, theirsUsd, oursUsd, theirsWithOurHoursUsd }: Comparison,
  terminal: Terminal,
): string {
  const signed = (value: number) => `${value < 0 ? '-' : '+'}${usd(Math.abs(value))}`;
  const table = formatColumns(
    [
      { title: 'GROUP' },
      { title: 'GUIDANCE', align: 'right' },
      { title: 'THIS PLAN', align: 'right' },
      { title: 'DIFFERENCE', align: 'right' },
    ],
    [
      ...rows.map((row) => [row.group, usd(row.theirsUsd), usd(row.oursUsd), signed(row.differenceUsd)]),
      ['together', usd(theirsUsd), usd(oursUsd), signed(oursUsd - theirsUsd)],
    ],
    terminal,
  );
  const real = `With the machine hours of this simulation, idle and starting ones included, their table would be $${usd(theirsWithOurHoursUsd)}.`;
  const reasons = rows.map(({ group, why }) => `${bold(group, terminal.hasColor)}\n${wrap(why, terminal.width, '  ')}`);
  return [table, '\n', wrap(real, terminal.width), '\n', ...reasons].join('');
}

/** Settings by their cost, with a mark at those that no other beats. */
export function sweepText(rows: readonly SweepRow[], terminal: Terminal): string {
  const settings = Object.keys(rows[0]?.settings ?? {});
  const right = { align: 'right' } as const;
  return formatColumns(
    [
      { title: '' },
      ...settings.map((title) => ({ title, ...right })),
      { title: 'USD A MONTH', ...right },
      { title: 'PER 1,000', ...right },
      ...['WAIT P50', 'P95', 'P99', 'BUSY', 'IDLE', 'SCALE-UP'].map((title) => ({ title, ...right })),
    ],
    rows.map(({ settings: given, plan, isBest }) => [
      isBest ? '*' : '',
      ...Object.values(given).map(String),
      usd(plan.usd.total),
      plan.usd.perThousandImages.toFixed(3),
      duration(plan.simulation.waitSeconds.p50),
      duration(plan.simulation.waitSeconds.p95),
      duration(plan.simulation.waitSeconds.p99),
      percent(plan.shares.busy),
      percent(plan.shares.idle),
      percent(plan.shares.scaleUp),
    ]),
    terminal,
  );
}
