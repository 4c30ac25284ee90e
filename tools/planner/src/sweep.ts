import { makePlan, type Plan, type PlanInput, arrivalsFor } from './plan.ts';
import { PlanError } from './plan-error.ts';
import { isPoolSetting, POOL_SETTINGS, type PoolSetting, withSettings } from './plan-request.ts';

/** Plans of one sweep at most. */
const MAX_PLANS = 64;

export interface SweepAxis {
  readonly setting: PoolSetting;
  readonly values: readonly number[];
}

export interface SweepRow {
  readonly settings: Readonly<Partial<Record<PoolSetting, number>>>;
  readonly plan: Plan;
  /** Whether no other row is both cheaper and faster. */
  readonly isBest: boolean;
}

/** Reads `jobsPerPod=1,2,4`. @throws PlanError that names the setting, the value and what there is */
export function parseAxis(text: string): SweepAxis {
  const [setting = '', list] = text.split('=', 2);
  if (!isPoolSetting(setting)) {
    throw new PlanError(`--sweep "${text}": "${setting}" is no setting; there are ${POOL_SETTINGS.join(', ')}`);
  }
  const values = (list ?? '').split(',').map((value) => {
    if (/^\d{1,9}$/.test(value.trim())) return Number(value);
    throw new PlanError(`--sweep "${text}": "${value}" must be a whole number, as in ${setting}=1,2,4`);
  });
  return { setting, values };
}

/** A plan for each combination of the values, cheapest first, with the same jobs. @throws PlanError */
export function sweep(input: PlanInput, axes: readonly SweepAxis[]): SweepRow[] {
  let combinations: Readonly<Partial<Record<PoolSetting, number>>>[] = [{}];
  for (const { setting, values } of axes) {
    combinations = combinations.flatMap((before) => values.map((value) => ({ ...before, [setting]: value })));
  }
  if (combinations.length > MAX_PLANS) {
    throw new PlanError(`--sweep makes ${combinations.length} plans, must be at most ${MAX_PLANS}`);
  }
  // Every combination is checked before the first one is simulated.
  const deployments = combinations.map((settings) => withSettings(input.deployment, settings));
  const arrivals = input.arrivals ?? arrivalsFor(input.request, input.assumptions);
  const plans = deployments.map((deployment) => makePlan({ ...input, deployment, arrivals }));
  const p95 = ({ simulation }: Plan) => simulation.waitSeconds.p95;
  const isBeaten = (plan: Plan) =>
    plans.some(
      (other) =>
        other.usd.total <= plan.usd.total &&
        p95(other) <= p95(plan) &&
        (other.usd.total < plan.usd.total || p95(other) < p95(plan)),
    );
  return plans
    .map((plan, index) => ({ settings: combinations[index] ?? {}, plan, isBest: !isBeaten(plan) }))
    .sort((a, b) => a.plan.usd.total - b.plan.usd.total);
}
