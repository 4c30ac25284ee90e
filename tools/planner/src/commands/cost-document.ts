import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parsePools } from '@afterimage/app-config';
import { ASSUMPTIONS, withOverrides } from '../assumptions.ts';
import { PROFILE_TEXT, PROFILES, type Profile } from '../arrivals/profile.ts';
import { compareWithGuidance } from '../guidance/compare.ts';
import { GUIDANCE, PUBLISHED_LINES } from '../guidance/published.ts';
import { duration, percent, quantity, usd } from '../output/numbers.ts';
import { makePlan, type Plan, type PlanInput } from '../plan.ts';
import { deploymentOf, type PoolSetting, withSettings } from '../plan-request.ts';
import { ownPrices } from '../prices/own-prices.ts';
import { parseAxis, sweep } from '../sweep.ts';

const POOLS_FILE = fileURLToPath(new URL('../../../../infra/config/pools.json', import.meta.url));
export const COST_DOCUMENT = new URL('../../../../docs/cost.md', import.meta.url);

/** The month of the tables: that of the guidance. */
const REQUEST = { imagesPerMonth: GUIDANCE.images, secondsPerImage: GUIDANCE.secondsPerImage } as const;
const TUNED = { jobsPerPod: 16, idleSeconds: 60 } satisfies Partial<Record<PoolSetting, number>>;
/** The age of the prices is no part of the tables. */
const ANY_AGE = { today: new Date('2026-01-01T00:00:00Z'), maxPriceAgeDays: 1e6 } as const;

function anInput(profile: Profile, settings: Partial<Record<PoolSetting, number>> = {}): PlanInput {
  const { pools } = parsePools(readFileSync(POOLS_FILE, 'utf8'), POOLS_FILE);
  return {
    deployment: withSettings(deploymentOf(pools, 'sdxl'), settings),
    request: { ...REQUEST, profile },
    assumptions: withOverrides({}),
    prices: ownPrices(),
    ...ANY_AGE,
  };
}

function tunedPlan(): Plan {
  return makePlan(anInput('steady', TUNED));
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heading, heading.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('');
}

function published(): string {
  const rows = PUBLISHED_LINES.map((line) => [
    line.what,
    quantity(line.quantity),
    line.unit,
    String(line.unitUsd),
    usd(line.quantity * line.unitUsd),
    usd(line.publishedUsd),
  ]);
  return table(['Line', 'Quantity', 'Unit', 'USD a unit', 'Reproduced', 'Published'], rows);
}

function profiles(): string {
  const rows = PROFILES.map((profile) => {
    const { usd: cost, shares, simulation, machineHours } = makePlan(anInput(profile));
    const { p50, p95, p99 } = simulation.waitSeconds;
    return [
      `${profile}: ${PROFILE_TEXT[profile]}`,
      usd(cost.total),
      cost.perThousandImages.toFixed(2),
      quantity(machineHours),
      percent(shares.busy),
      percent(shares.idle),
      percent(shares.scaleUp),
      `${duration(p50)} / ${duration(p95)} / ${duration(p99)}`,
    ];
  });
  const heading = ['Arrivals', 'USD a month', 'USD for 1,000', 'Machine hours', 'Busy', 'Idle', 'Scaling up'];
  return table([...heading, 'Queue wait p50 / p95 / p99'], rows);
}

function settings(): string {
  const axes = ['jobsPerPod=1,4,16', 'idleSeconds=60,300'].map(parseAxis);
  const rows = sweep(anInput('steady'), axes).map(({ settings: given, plan, isBest }) => [
    ...Object.values(given).map(String),
    usd(plan.usd.total),
    plan.usd.perThousandImages.toFixed(2),
    duration(plan.simulation.waitSeconds.p95),
    duration(plan.simulation.waitSeconds.p99),
    percent(plan.shares.idle),
    isBest ? 'yes' : '',
  ]);
  const heading = ['`jobsPerPod`', '`idleSeconds`', 'USD a month', 'USD for 1,000', 'Wait p95', 'Wait p99'];
  return table([...heading, 'Idle', 'No other is cheaper and faster'], rows);
}

function comparison(plan: Plan): string {
  const { rows, theirsUsd, oursUsd, theirsWithOurHoursUsd } = compareWithGuidance(plan);
  const signed = (value: number) => `${value < 0 ? '−' : '+'}${usd(Math.abs(value))}`;
  const cells = rows.map((row) => [
    row.group,
    usd(row.theirsUsd),
    usd(row.oursUsd),
    signed(row.differenceUsd),
    row.why,
  ]);
  const together = ['**together**', usd(theirsUsd), usd(oursUsd), signed(oursUsd - theirsUsd), ''];
  const real = `With these machine hours in place of those of a GPU that never idles, their own table would be $${usd(theirsWithOurHoursUsd)}.\n`;
  return `${table(['Group', 'Guidance', 'This plan', 'Difference', 'Why'], [...cells, together])}\n${real}`;
}

function lines(plan: Plan): string {
  const rows = plan.lines
    .filter((line) => line.usd >= 0.005)
    .map((line) => [line.group, line.service, line.what, quantity(line.quantity), line.unit, usd(line.usd)]);
  return table(['Group', 'Service', 'What', 'Quantity', 'Unit', 'USD a month'], rows);
}

function assumptions(): string {
  const rows = Object.entries(ASSUMPTIONS).map(([name, { value, unit, about }]) => [
    `\`${name}\``,
    `${value} ${unit}`.trim(),
    about,
  ]);
  return table(['Name', 'Value', 'What'], rows);
}

const SECTIONS: Readonly<Record<string, () => string>> = {
  published,
  profiles,
  settings,
  'comparison-tuned': () => comparison(tunedPlan()),
  comparison: () => comparison(makePlan(anInput('steady'))),
  lines: () => lines(tunedPlan()),
  assumptions,
};

/** The document with its tables made anew: what is between `<!-- name -->` and `<!-- /name -->`. @throws Error for a missing mark */
export function withTables(document: string): string {
  let text = document;
  for (const [name, make] of Object.entries(SECTIONS)) {
    const [before, rest] = text.split(`<!-- ${name} -->\n`);
    const after = rest?.split(`<!-- /${name} -->`)[1];
    if (before === undefined || after === undefined) throw new Error(`docs/cost.md has no part "${name}"`);
    text = `${before}<!-- ${name} -->\n\n${make()}\n<!-- /${name} -->${after}`;
  }
  return text;
}

/** Cells of tables without the blanks that a formatter puts around them. */
export function withoutPadding(document: string): string {
  return document.replaceAll(/ *\| */g, '|').replaceAll(/-{3,}/g, '---');
}
