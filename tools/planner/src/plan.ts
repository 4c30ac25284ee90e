import type { PoolDeployment } from '@afterimage/app-config';
import { arrivalsOf } from './arrivals/profile.ts';
import type { Assumptions } from './assumptions.ts';
import { type CostLine, totalUsd } from './cost/cost-line.ts';
import { fixedLines } from './cost/fixed-lines.ts';
import { jobLines } from './cost/job-lines.ts';
import { type MachineFacts, machineLines } from './cost/machine-lines.ts';
import { chooseMachine } from './machine-choice.ts';
import { parsePlanRequest, type PlanRequest, type PlanRequestInput } from './plan-request.ts';
import type { Prices } from './prices/price-file.ts';
import { PHASES, type Phase } from './simulation/machine-ledger.ts';
import { makeRandom } from './simulation/random.ts';
import { MARKETS } from './simulation/simulation-input.ts';
import { simulate, type SimulationResult } from './simulation/simulate.ts';
import { MONTH_SECONDS, simulationInput } from './to-simulation.ts';

/** What a month costs, line by line, and how long jobs wait. */
export interface Plan {
  readonly request: PlanRequest;
  readonly machine: MachineFacts;
  readonly images: number;
  readonly lines: readonly CostLine[];
  readonly usd: { readonly total: number; readonly fixed: number; readonly perThousandImages: number };
  /** Of the time of the machines. */
  readonly shares: Readonly<Record<Phase, number>>;
  readonly machineHours: number;
  readonly simulation: SimulationResult;
  readonly assumptions: Assumptions;
  readonly warnings: readonly string[];
}

export interface PlanInput {
  readonly deployment: PoolDeployment;
  readonly request: PlanRequestInput;
  readonly assumptions: Assumptions;
  readonly prices: Prices;
  /** Times of the jobs of the month in seconds, in order; else they come as the profile says. */
  readonly arrivals?: Float64Array;
  /** For the age of the prices. */
  readonly today: Date;
  readonly maxPriceAgeDays: number;
}

/** Times of the jobs of a month by the profile of the request. */
export function arrivalsFor(input: PlanRequestInput, { imagesPerJob }: Assumptions): Float64Array {
  const { profile, imagesPerMonth, seed } = parsePlanRequest(input);
  const jobs = Math.max(1, Math.round(imagesPerMonth / imagesPerJob));
  return arrivalsOf(profile, jobs, MONTH_SECONDS, makeRandom(seed + 2));
}

/** @throws PlanError that names what cannot be planned, its value and its limit */
export function makePlan(input: PlanInput): Plan {
  const { deployment, assumptions, prices, today, maxPriceAgeDays } = input;
  const request = parsePlanRequest(input.request);
  const arrivals = input.arrivals ?? arrivalsFor(input.request, assumptions);
  const { unpriced, ...machine } = chooseMachine(deployment, prices, request, assumptions);
  const simulation = simulate(simulationInput(deployment, request, assumptions, arrivals));
  const images = Math.round(simulation.jobs * assumptions.imagesPerJob);
  const hoursOf = (phase: Phase) => MARKETS.reduce((sum, market) => sum + simulation.seconds[market][phase], 0) / 3600;
  const machineHours = PHASES.reduce((sum, phase) => sum + hoursOf(phase), 0);
  const share = (phase: Phase) => (machineHours === 0 ? 0 : hoursOf(phase) / machineHours);
  const lines = [
    ...machineLines(prices, simulation, machine),
    ...jobLines(prices, assumptions, {
      jobs: simulation.jobs,
      images,
      jobSeconds: request.secondsPerImage * assumptions.imagesPerJob,
      turnaroundSeconds: simulation.turnaroundSeconds.mean,
      idlePodHours: hoursOf('idle'),
    }),
    ...fixedLines(prices, assumptions),
  ];
  const total = totalUsd(lines);
  return {
    request,
    machine,
    images,
    lines,
    usd: {
      total,
      fixed: totalUsd(lines.filter(({ isFixed }) => isFixed)),
      perThousandImages: (total / images) * 1000,
    },
    shares: { scaleUp: share('scaleUp'), idle: share('idle'), busy: share('busy'), lost: share('lost') },
    machineHours,
    simulation,
    assumptions,
    warnings: [
      ...prices.warnings(today, maxPriceAgeDays),
      ...(unpriced.length === 0 ? [] : [`no price of ${unpriced.join(', ')}: the plan does without them`]),
      ...tooSmall(simulation),
    ],
  };
}

function tooSmall({ lastDoneAt }: SimulationResult): string[] {
  // Jobs of the last minutes may end after the month; more than a day is a backlog.
  if (lastDoneAt <= MONTH_SECONDS + 86_400) return [];
  const days = ((lastDoneAt - MONTH_SECONDS) / 86_400).toFixed(1);
  return [`the pool is too small: the last job is done ${days} days after the month, which the machines are paid for`];
}
