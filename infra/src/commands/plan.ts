import type { StageConfig } from '../config/stage-config.ts';
import { UsageError, type Arguments } from './arguments.ts';

/** Arguments of the CDK command line. */
export type Plan = readonly string[];

/** Stacks without data, in the order in which they may go: a stack goes before those that it needs. */
const WITHOUT_DATA = ['Observability', 'Admin', 'Notifier', 'GpuPools', 'Api', 'Cluster'];
/** The data is in the network's subnets, so it goes first. */
const WITH_DATA = ['Data', 'Network'];

const APPROVED = ['--require-approval', 'never'];

/** What `deploy` runs: the named stacks, or all of them. CDK adds those that they need, and skips what has not changed. */
export function deployPlan(stacks: readonly string[]): Plan {
  if (stacks.length > 0) return ['deploy', ...stacks, ...APPROVED];
  // A stack's text stays the same when something that it uses was replaced: CDK would skip it unless forced.
  return ['deploy', '--all', '--force', ...APPROVED];
}

/** What `diff` runs. */
export function diffPlan(stacks: readonly string[]): Plan {
  return ['diff', ...(stacks.length > 0 ? stacks : ['--all'])];
}

/**
 * What `destroy` runs: everything but the data and its network, unless the operator wrote the stage's name once more.
 * @throws UsageError when the data is asked for of a stage that keeps it
 */
export function destroyPlan(
  { stage, deleteData, names }: Arguments,
  { deletable, admin }: Pick<StageConfig, 'deletable' | 'admin'>,
): Plan {
  if (names.length > 0) throw new UsageError(`destroy takes no names, got ${names.join(' ')}`);
  const stacks = WITHOUT_DATA.filter((name) => name !== 'Admin' || admin !== undefined);
  if (deleteData === undefined) return ['destroy', ...stacks, '--exclusively', '--force'];
  if (deleteData !== stage) {
    throw new UsageError(`--delete-data must be the name of the stage, "${stage}", got "${deleteData}"`);
  }
  if (!deletable) {
    throw new UsageError(
      `the stage "${stage}" keeps its data: set "deletable" to true in infra/config/${stage}.json and deploy it first`,
    );
  }
  return ['destroy', ...stacks, ...WITH_DATA, '--exclusively', '--force'];
}
