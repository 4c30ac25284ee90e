import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { parsePools } from '@afterimage/app-config';
import { readStageConfig } from './config/stage-config.ts';
import { AdminStack } from './stacks/admin-stack.ts';
import { ApiStack } from './stacks/api-stack.ts';
import { ClusterStack } from './stacks/cluster-stack.ts';
import { DataStack } from './stacks/data-stack.ts';
import { DeployRoleStack } from './stacks/deploy-role-stack.ts';
import { GpuPoolsStack } from './stacks/gpu-pools-stack.ts';
import { NetworkStack } from './stacks/network-stack.ts';
import { NotifierStack } from './stacks/notifier-stack.ts';
import { ObservabilityStack } from './stacks/observability-stack.ts';
import type { StageContext } from './stage-context.ts';

const INFRA = join(import.meta.dirname, '..');

/**
 * Reads `config/<stage>.json` and `config/pools.json`.
 * @throws Error that names the file and every wrong field
 */
export function readStage(stage: string): StageContext {
  const poolsFile = join(INFRA, 'config/pools.json');
  return {
    config: readStageConfig(join(INFRA, 'config', `${stage}.json`)),
    pools: parsePools(readFileSync(poolsFile, 'utf8'), poolsFile),
    dist: join(INFRA, '../dist'),
  };
}

/** Puts the stacks of a stage into the app. */
export function addStacks(app: App, context: StageContext): void {
  const { admin, github } = context.config;
  const network = new NetworkStack(app, 'Network', context);
  const data = new DataStack(app, 'Data', { ...context, network });
  const cluster = new ClusterStack(app, 'Cluster', { ...context, network, data });
  const api = new ApiStack(app, 'Api', { ...context, data });
  new GpuPoolsStack(app, 'GpuPools', { ...context, data, cluster, api });
  new NotifierStack(app, 'Notifier', { ...context, data, api });
  if (admin !== undefined) new AdminStack(app, 'Admin', { ...context, admin, network, data, api });
  new ObservabilityStack(app, 'Observability', context);
  if (github !== undefined) new DeployRoleStack(app, 'DeployRole', { ...context, github });
}
