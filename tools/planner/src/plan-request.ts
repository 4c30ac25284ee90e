import { poolDeploymentSchema, type Pool, type PoolDeployment } from '@afterimage/app-config';
import * as z from 'zod';
import { PROFILES } from './arrivals/profile.ts';
import { issueLines, PlanError } from './plan-error.ts';

/** The most jobs that are simulated: a month of them takes about half a minute. */
const MAX_IMAGES = 20_000_000;

const planRequestSchema = z.strictObject({
  imagesPerMonth: z.int().min(1).max(MAX_IMAGES),
  secondsPerImage: z.number().min(0.001).max(3600),
  service: z.enum(['constant', 'exponential']).default('constant'),
  profile: z.enum(PROFILES).default('steady'),
  seed: z.int().min(0).max(0xffff_ffff).default(1),
  machine: z.string().min(1).optional(),
  /** USD an hour, in place of that of the prices. */
  spotPrice: z.number().positive().max(1000).optional(),
});
export type PlanRequestInput = z.input<typeof planRequestSchema>;
export type PlanRequest = z.infer<typeof planRequestSchema>;

const FLAGS: Readonly<Record<string, string>> = {
  imagesPerMonth: '--images-per-month',
  secondsPerImage: '--seconds-per-image',
  spotPrice: '--spot-price',
};

/** @throws PlanError that names each wrong field, its value and its limit */
export function parsePlanRequest(input: PlanRequestInput): PlanRequest {
  const result = planRequestSchema.safeParse(input);
  if (result.success) return result.data;
  const given = new Map<string, unknown>(Object.entries(input));
  const lines = result.error.issues.map(({ path, message }) => {
    const field = String(path[0]);
    return `${FLAGS[field] ?? field} is ${String(given.get(field))}: ${message}`;
  });
  throw new PlanError('this cannot be planned', { lines });
}

/** The settings of a pool that `--sweep` and `--pool-set` may change. */
export const POOL_SETTINGS = [
  'jobsPerPod',
  'jobsPerPod.batch',
  'idleSeconds',
  'pollSeconds',
  'drainSeconds',
  'volumeGiB',
  'replicas.min',
  'replicas.max',
  'spot.maxPods',
  'onDemand.maxPods',
] as const;
export type PoolSetting = (typeof POOL_SETTINGS)[number];

export function isPoolSetting(name: string): name is PoolSetting {
  return POOL_SETTINGS.some((each) => each === name);
}

/** The deployment of a pool by its name. @throws PlanError when there is none that can be planned */
export function deploymentOf(pools: readonly Pool[], name: string): PoolDeployment {
  const pool = pools.find((each) => each.name === name);
  if (pool === undefined) {
    throw new PlanError(`there is no pool "${name}"; there are ${pools.map((each) => each.name).join(', ')}`);
  }
  if (pool.deployment === undefined) throw new PlanError(`the pool "${name}" has no deployment`);
  if (pool.deployment.gpusPerPod !== 1) {
    const { gpusPerPod } = pool.deployment;
    throw new PlanError(`the pool "${name}" has gpusPerPod ${gpusPerPod}, must be 1: a machine has one pod in a plan`);
  }
  return pool.deployment;
}

/** A deployment with other settings, checked as one of the file is. @throws PlanError that names setting, value and limit */
export function withSettings(
  deployment: PoolDeployment,
  settings: Readonly<Partial<Record<PoolSetting, number>>>,
): PoolDeployment {
  const changed: Record<string, unknown> = { ...deployment };
  for (const [name, value] of Object.entries(settings)) {
    const [section = '', field = name === 'jobsPerPod' ? 'interactive' : undefined] = name.split('.');
    const before = z.record(z.string(), z.unknown()).safeParse(changed[section]);
    if (field !== undefined && !before.success) throw new PlanError(`the pool has no "${section}" to set ${name} of`);
    changed[section] = field === undefined ? value : { ...before.data, [field]: value };
  }
  const result = poolDeploymentSchema.safeParse(changed);
  if (result.success) return result.data;
  const text = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  throw new PlanError(`the pool cannot have ${text.join(' ')}`, { lines: issueLines(result.error) });
}
