import { RemovalPolicy, type StackProps } from 'aws-cdk-lib';
import type { Pools } from '@afterimage/app-config';
import type { StageConfig } from './config/stage-config.ts';

/** What every stack of a deployment is given. */
export interface StageContext {
  readonly config: StageConfig;
  readonly pools: Pools;
  /** Where Nx puts what it builds: `apps/<app>` are bundles, `packages/<app>` the contexts of images. */
  readonly dist: string;
}

/** Name of a deployed resource. Those that other stacks use have one, so that replacing them cannot leave a stale name behind. */
export function resourceName({ stage }: StageConfig, name: string): string {
  return `afterimage-${stage}-${name}`;
}

/** Name of the EKS cluster: a literal, since IAM condition keys and discovery tags contain it. */
export function clusterName({ stage }: StageConfig): string {
  return `afterimage-${stage}`;
}

/** Properties of a stack by its short name, such as `network`. */
export function stackProps({ config }: StageContext, name: string, description: string): StackProps {
  const { stage, region, account } = config;
  return {
    stackName: resourceName(config, name),
    description: `Afterimage ${stage}: ${description}`,
    env: { region, ...(account === undefined ? {} : { account }) },
    tags: { project: 'afterimage', stage },
  };
}

/** What becomes of data when its stack is destroyed. */
export function dataRemoval({ deletable }: StageConfig): RemovalPolicy {
  return deletable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
}
