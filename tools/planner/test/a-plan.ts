import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parsePools } from '@afterimage/app-config';
import { withOverrides } from '../src/assumptions.ts';
import type { PlanInput } from '../src/plan.ts';
import { deploymentOf } from '../src/plan-request.ts';
import { ownPrices } from '../src/prices/own-prices.ts';

export const POOLS_FILE = fileURLToPath(new URL('../../../infra/config/pools.json', import.meta.url));

/** A small month of the pool `sdxl`, as the repository has it. */
export function aPlanInput(overrides: Partial<PlanInput> = {}): PlanInput {
  return {
    deployment: deploymentOf(parsePools(readFileSync(POOLS_FILE, 'utf8'), POOLS_FILE).pools, 'sdxl'),
    request: { imagesPerMonth: 5000, secondsPerImage: 1.5 },
    assumptions: withOverrides({}),
    prices: ownPrices(),
    today: new Date('2026-08-01T00:00:00Z'),
    maxPriceAgeDays: 730,
    ...overrides,
  };
}
