import type { Prices } from '../prices/price-file.ts';
import { PHASES, type Phase } from '../simulation/machine-ledger.ts';
import { MARKETS, type Market } from '../simulation/simulation-input.ts';
import type { SimulationResult } from '../simulation/simulate.ts';
import { type CostLine, priced } from './cost-line.ts';

const MARKET_TEXT: Readonly<Record<Market, string>> = { spot: 'Spot', onDemand: 'On-Demand' };
const PHASE_TEXT: Readonly<Record<Phase, string>> = {
  busy: 'busy',
  idle: 'idle',
  scaleUp: 'scaling up',
  lost: 'work lost',
};
const MONTH_HOURS = 730;

export interface MachineFacts {
  readonly type: string;
  readonly hourUsd: Readonly<Record<Market, number>>;
  /** Of its two volumes together. */
  readonly diskGb: number;
}

/** What the machines of the pool cost, by how they are bought and what they did; and their volumes. */
export function machineLines(prices: Prices, { seconds }: SimulationResult, machine: MachineFacts): CostLine[] {
  const lines = MARKETS.flatMap((market) =>
    PHASES.map((phase): CostLine => {
      const hours = seconds[market][phase] / 3600;
      const unitUsd = machine.hourUsd[market];
      const what = `${machine.type} ${MARKET_TEXT[market]}, ${PHASE_TEXT[phase]}`;
      const text = { group: 'gpu', service: 'EC2', what, isFixed: false, unit: 'hour' } as const;
      return { ...text, quantity: hours, unitUsd, usd: hours * unitUsd };
    }),
  );
  const hours = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const volumes = { group: 'gpu', service: 'EBS', what: 'volumes of the workers', isFixed: false } as const;
  const disks = priced(prices, volumes, 'ebsGp3GbMonth', (hours * machine.diskGb) / MONTH_HOURS);
  return [...lines.filter(({ quantity }) => quantity > 0), disks];
}
