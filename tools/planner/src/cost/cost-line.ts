import type { PriceName, Prices } from '../prices/price-file.ts';

/** What a line is about; plans are compared by it. */
export const COST_GROUPS = [
  'gpu',
  'api',
  'functions',
  'messaging',
  'table',
  'storage',
  'transfer',
  'cluster',
  'console',
  'observability',
] as const;
export type CostGroup = (typeof COST_GROUPS)[number];

/** One line of a month's bill. */
export interface CostLine {
  readonly group: CostGroup;
  readonly service: string;
  readonly what: string;
  /** Whether it is there without any job. */
  readonly isFixed: boolean;
  readonly quantity: number;
  readonly unit: string;
  readonly unitUsd: number;
  readonly usd: number;
}

type LineText = Pick<CostLine, 'group' | 'service' | 'what' | 'isFixed'>;

/** A line of so many units of a price. */
export function priced(prices: Prices, text: LineText, name: PriceName, quantity: number): CostLine {
  const unitUsd = prices.of(name);
  return { ...text, quantity, unit: prices.unitOf(name), unitUsd, usd: quantity * unitUsd };
}

export function totalUsd(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { usd }) => sum + usd, 0);
}
