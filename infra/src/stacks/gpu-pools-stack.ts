import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { GpuPool } from '../constructs/gpu-pool.ts';
import { imageUri } from '../constructs/images.ts';
import { deployedPools } from '../constructs/kubernetes/deployed-pool.ts';
import { PoolsFoundation } from '../constructs/kubernetes/pools-foundation.ts';
import { stackProps, type StageContext } from '../stage-context.ts';
import type { ApiResources } from './api-stack.ts';
import type { ClusterResources } from './cluster-stack.ts';
import type { DataResources } from './data-stack.ts';

export interface GpuPoolsStackProps extends StageContext {
  readonly data: DataResources;
  readonly cluster: ClusterResources;
  readonly api: ApiResources;
}

/** The workers: for each pool of `pools.json` its machines, its pods and their scaling. */
export class GpuPoolsStack extends Stack {
  constructor(scope: Construct, id: string, props: GpuPoolsStackProps) {
    super(scope, id, stackProps(props, 'gpu-pools', 'GPU pools: machines, workers and engines'));
    const workerImage = imageUri(this, props, 'gpu-worker');
    const foundation = new PoolsFoundation(this, 'Foundation', props.cluster.cluster, workerImage);
    for (const pool of deployedPools(props.pools)) {
      const { apiUrl } = props.api;
      new GpuPool(this, `Pool-${pool.name}`, { ...props, pool, workerImage, apiUrl }).node.addDependency(foundation);
    }
  }
}
