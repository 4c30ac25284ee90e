import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parsePools } from '@afterimage/app-config';
import {
  assumptionsText,
  compareWithGuidance,
  comparisonText,
  deploymentOf,
  makePlan,
  MONTH_SECONDS,
  ownPrices,
  parseArrivals,
  parseAssumptionsFile,
  parseAxis,
  parsePoolSettings,
  parsePrices,
  parseOverrides,
  PlanError,
  planCsv,
  type PlanInput,
  planText,
  type Profile,
  repeatTo,
  sweep,
  sweepCsv,
  sweepText,
  type Terminal,
  withOverrides,
  withSettings,
} from '@afterimage/planner';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import type { TextSink } from '../output/reporter.ts';

export interface PlanOptions {
  readonly imagesPerMonth?: number;
  readonly secondsPerImage: number;
  readonly pool: string;
  readonly poolsFile?: string;
  readonly poolSet?: readonly string[];
  readonly profile: Profile;
  readonly arrivals?: string;
  readonly service: 'constant' | 'exponential';
  readonly seed: number;
  readonly machine?: string;
  readonly spotPrice?: number;
  readonly prices?: string;
  readonly maxPriceAgeDays: number;
  readonly set?: readonly string[];
  readonly assumptions?: string;
  readonly showAssumptions?: boolean;
  readonly compare?: 'guidance';
  readonly sweep?: readonly string[];
  readonly csv?: boolean;
}

export interface PlanContext {
  readonly cwd: string;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly terminal: Terminal;
  readonly isJson: boolean;
  readonly nowMs: () => number;
}

const OWN_POOLS = fileURLToPath(new URL('../../../../infra/config/pools.json', import.meta.url));

async function read(cwd: string, file: string): Promise<string> {
  try {
    return await readFile(resolve(cwd, file), 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new CliError(EXIT.usage, `cannot read ${file}${reason}`, { cause });
  }
}

async function readDeployment({ cwd }: PlanContext, { poolsFile = OWN_POOLS, pool, poolSet = [] }: PlanOptions) {
  const json = await read(cwd, poolsFile);
  let pools;
  try {
    ({ pools } = parsePools(json, poolsFile));
  } catch (cause) {
    throw new CliError(EXIT.usage, cause instanceof Error ? cause.message : String(cause), { cause });
  }
  return withSettings(deploymentOf(pools, pool), parsePoolSettings(poolSet));
}

async function readInput(context: PlanContext, options: PlanOptions): Promise<PlanInput> {
  const { cwd, nowMs } = context;
  const { imagesPerMonth, secondsPerImage, profile, service, seed, machine, spotPrice, maxPriceAgeDays } = options;
  const fromFile =
    options.assumptions === undefined
      ? {}
      : parseAssumptionsFile(await read(cwd, options.assumptions), options.assumptions);
  const assumptions = withOverrides({ ...fromFile, ...parseOverrides(options.set ?? []) });
  const csv =
    options.arrivals === undefined ? undefined : parseArrivals(await read(cwd, options.arrivals), options.arrivals);
  if ((csv === undefined) === (imagesPerMonth === undefined)) {
    throw new CliError(EXIT.usage, 'one of --images-per-month and --arrivals must be there, and not both');
  }
  const arrivals = csv === undefined ? undefined : repeatTo(csv.times, csv.seconds, MONTH_SECONDS);
  return {
    deployment: await readDeployment(context, options),
    request: {
      imagesPerMonth: imagesPerMonth ?? Math.max(1, Math.round((arrivals?.length ?? 0) * assumptions.imagesPerJob)),
      secondsPerImage,
      profile,
      service,
      seed,
      ...(machine === undefined ? {} : { machine }),
      ...(spotPrice === undefined ? {} : { spotPrice }),
    },
    assumptions,
    prices: options.prices === undefined ? ownPrices() : parsePrices(await read(cwd, options.prices), options.prices),
    ...(arrivals === undefined ? {} : { arrivals }),
    today: new Date(nowMs()),
    maxPriceAgeDays,
  };
}

/** `afterimage plan`: what a month costs, and how long jobs wait. It needs no API and no account. @throws CliError */
export async function plan(context: PlanContext, options: PlanOptions): Promise<void> {
  try {
    const input = await readInput(context, options);
    if (options.sweep === undefined) showPlan(context, options, input);
    else showSweep(context, options, input, options.sweep);
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    throw new CliError(EXIT.usage, error.message, { lines: error.lines, cause: error });
  }
}

function showPlan({ stdout, stderr, terminal, isJson }: PlanContext, options: PlanOptions, input: PlanInput): void {
  const made = makePlan(input);
  for (const warning of made.warnings) stderr.write(`warning: ${warning}\n`);
  const comparison = options.compare === undefined ? undefined : compareWithGuidance(made);
  if (options.csv === true) stdout.write(planCsv(made));
  else if (isJson)
    stdout.write(`${JSON.stringify({ ...made, ...(comparison === undefined ? {} : { comparison }) })}\n`);
  else {
    stdout.write(planText(made, terminal));
    if (comparison !== undefined) stdout.write(`\n${comparisonText(comparison, terminal)}`);
    if (options.showAssumptions === true) stdout.write(`\n${assumptionsText(made, terminal)}`);
  }
}

function showSweep(
  { stdout, stderr, terminal, isJson }: PlanContext,
  options: PlanOptions,
  input: PlanInput,
  axes: readonly string[],
): void {
  const rows = sweep(input, axes.map(parseAxis));
  for (const warning of new Set(rows.flatMap((row) => row.plan.warnings))) stderr.write(`warning: ${warning}\n`);
  if (options.csv === true) stdout.write(sweepCsv(rows));
  else if (isJson) for (const row of rows) stdout.write(`${JSON.stringify(row)}\n`);
  else stdout.write(sweepText(rows, terminal));
}
