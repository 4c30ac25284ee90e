import type { PoolDeployment } from '@afterimage/app-config';
import type { Assumptions } from './assumptions.ts';
import type { MachineFacts } from './cost/machine-lines.ts';
import { PlanError } from './plan-error.ts';
import type { PlanRequest } from './plan-request.ts';
import type { Prices } from './prices/price-file.ts';

/** Of Bottlerocket's own volume. */
const ROOT_GIB = 4;

/** The machine that a plan counts with: the one asked for, else the cheapest of the pool. @throws PlanError without a price */
export function chooseMachine(
  { instances, volumeGiB }: PoolDeployment,
  prices: Prices,
  { machine, spotPrice }: PlanRequest,
  { spotDiscount }: Assumptions,
): MachineFacts & { readonly unpriced: readonly string[] } {
  const types = instances.families.flatMap((family) => instances.sizes.map((size) => `${family}.${size}`));
  const known = types.filter((type) => prices.has(type));
  const cheapest = known.toSorted((a, b) => prices.machine(a).onDemandUsd - prices.machine(b).onDemandUsd)[0];
  const type = machine ?? cheapest;
  if (type === undefined) {
    const lack = `of none of the machines ${types.join(', ')} in ${prices.region}`;
    throw new PlanError(`there is a price ${lack}; there are prices of ${prices.machineTypes.join(', ')}`);
  }
  const { onDemandUsd, spotUsd = onDemandUsd * (1 - spotDiscount) } = prices.machine(type);
  return {
    type,
    hourUsd: { spot: spotPrice ?? spotUsd, onDemand: onDemandUsd },
    diskGb: ROOT_GIB + volumeGiB,
    unpriced: types.filter((each) => !prices.has(each)),
  };
}
