import { COST_GROUPS, type CostGroup, totalUsd } from '../cost/cost-line.ts';
import type { Plan } from '../plan.ts';
import { GUIDANCE, PUBLISHED_LINES } from './published.ts';

export interface ComparedRow {
  readonly group: CostGroup;
  /** USD a month for the plan's images, from their assumptions. */
  readonly theirsUsd: number;
  readonly oursUsd: number;
  /** Below 0: ours is cheaper. */
  readonly differenceUsd: number;
  readonly why: string;
}

export interface Comparison {
  readonly rows: readonly ComparedRow[];
  readonly theirsUsd: number;
  readonly oursUsd: number;
  /** What their table would be with the time that machines are really paid for. */
  readonly theirsWithOurHoursUsd: number;
}

const percent = (share: number) => `${Math.round(share * 100)} %`;

function whyOf(group: CostGroup, { shares, machine, machineHours, images, assumptions }: Plan): string {
  const theirHours = (images * GUIDANCE.secondsPerImage) / 3600;
  const requests = 1 + assumptions.readsPerJob + assumptions.waitsPerJob;
  const reasons: Record<CostGroup, string> = {
    gpu: `theirs: ${theirHours.toFixed(0)} h at $${GUIDANCE.spotUsd}, of a GPU that never idles, starts or is lost. Ours: ${machineHours.toFixed(0)} h (${percent(shares.busy)} busy, ${percent(shares.idle)} idle, ${percent(shares.scaleUp)} scaling up) of ${machine.type} at $${machine.hourUsd.spot.toFixed(3)}, disks included`,
    api: `theirs: one request a job, none to learn of its end. Ours: ${requests} a job, and a firewall`,
    functions:
      'ours: authorizer, reads, waits, notifier and reconciler; theirs: one function. Ours run on arm64, a fifth cheaper',
    messaging:
      'ours: every receive and delete, looks at queues, and keys; theirs: two requests, and data that stays within AWS',
    table: 'ours: a durable record of each job, for status, idempotency, quotas and repeats; theirs has none',
    storage: `ours: one put an image, kept ${assumptions.retentionDays} days, and the models; theirs: two puts, kept a month, no models`,
    transfer: 'ours: NAT, and the images to clients over the internet; theirs counts neither',
    cluster: 'ours: t4g.large in place of m7g.large, a month of 730 h, volumes and registry counted',
    console: "ours: the operators' console; theirs has none",
    observability: 'ours: logs, metrics, alarms, dashboard and traces; theirs counts none',
  };
  return reasons[group];
}

/** A plan beside the guidance's published table, group by group: where it is cheaper or dearer, and why. */
export function compareWithGuidance(plan: Plan): Comparison {
  const factor = plan.images / GUIDANCE.images;
  const theirs = (group: CostGroup) =>
    PUBLISHED_LINES.filter((line) => line.group === group).reduce(
      (sum, { quantity, unitUsd, isFixed }) => sum + quantity * unitUsd * (isFixed ? 1 : factor),
      0,
    );
  const rows = COST_GROUPS.map((group) => {
    const theirsUsd = theirs(group);
    const oursUsd = totalUsd(plan.lines.filter((line) => line.group === group));
    return { group, theirsUsd, oursUsd, differenceUsd: oursUsd - theirsUsd, why: whyOf(group, plan) };
  }).filter(({ theirsUsd, oursUsd }) => theirsUsd > 0 || oursUsd > 0);
  const theirsUsd = rows.reduce((sum, row) => sum + row.theirsUsd, 0);
  const busyHours = (plan.images * GUIDANCE.secondsPerImage) / 3600;
  return {
    rows,
    theirsUsd,
    oursUsd: plan.usd.total,
    theirsWithOurHoursUsd: theirsUsd + (plan.machineHours - busyHours) * GUIDANCE.spotUsd,
  };
}
