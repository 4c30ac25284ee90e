import type { Pool, PoolDeployment, Pools } from '@afterimage/app-config';

/** A pool that says how it is deployed. */
export type DeployedPool = Pool & { readonly deployment: PoolDeployment };

/**
 * The pools, each with its deployment: without one the jobs of a pool would wait in its queues for ever.
 * @throws Error that names the pools without one
 */
export function deployedPools({ pools }: Pools): DeployedPool[] {
  const missing = pools.filter(({ deployment }) => deployment === undefined).map(({ name }) => `"${name}"`);
  if (missing.length > 0) throw new Error(`pools.json: "deployment" is missing in the pool ${missing.join(', ')}`);
  return pools.flatMap((pool) => (pool.deployment === undefined ? [] : [{ ...pool, deployment: pool.deployment }]));
}
