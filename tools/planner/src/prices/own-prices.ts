import { readFileSync } from 'node:fs';
import { parsePrices, type Prices } from './price-file.ts';

const FILE = 'prices-us-east-1.json';

/** The prices that come with the planner: us-east-1. */
export function ownPrices(): Prices {
  return parsePrices(readFileSync(new URL(`../../data/${FILE}`, import.meta.url), 'utf8'), FILE);
}
