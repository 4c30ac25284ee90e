import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { parsePools } from '@afterimage/app-config';
import { readStageConfig } from './config/stage-config.ts';
import { AdminStack } from './stacks/admin-stack.ts';
import { ApiStack } from './stacks/api-stack.ts';
import { ClusterStack } from './stacks/cluster-stack.ts';
import { DataStack } from './stacks/data-stack.ts';
import { GpuPoolsStack } from './stacks/gpu-pools-stack.ts';
import { DeployRoleStack } from './stacks/deploy-role-stack.ts';
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

/** Every stack of one deployment; a stack needs those above it. */
export interface Stacks {
  readonly network: NetworkStack;
  readonly data: DataStack;
  readonly cluster: ClusterStack;
  readonly api: ApiStack;
  readonly gpuPools: GpuPoolsStack;
  readonly notifier: NotifierStack;
  readonly observability: ObservabilityStack;
  /** Where the configuration asks for it. */
  readonly admin: AdminStack | undefined;
  readonly deployRole: DeployRoleStack | undefined;
}

/** Puts the stacks of a stage into the app. */
export function addStacks(app: App, context: StageContext): Stacks {
  const network = new NetworkStack(app, 'Network', context);
  const data = new DataStack(app, 'Data', { ...context, network });
  const cluster = new ClusterStack(app, 'Cluster', { ...context, network, data });
  const api = new ApiStack(app, 'Api', { ...context, data });
  const gpuPools = new GpuPoolsStack(app, 'GpuPools', { ...context, data, cluster, api });
  const notifier = new NotifierStack(app, 'Notifier', { ...context, data, api });
  const { admin: adminConfig, github } = context.config;
  const admin = adminConfig && new AdminStack(app, 'Admin', { ...context, admin: adminConfig, network, data, api });
  const observability = new ObservabilityStack(app, 'Observability', context);
  const deployRole = github && new DeployRoleStack(app, 'DeployRole', { ...context, github });
  return { deployRole, observability, network, data, cluster, api, gpuPools, notifier, admin };
}
