import { expect, it } from 'vitest';
import { ownPrices } from './own-prices.ts';
import { parsePrices, PRICE_NAMES } from './price-file.ts';

const FILE = {
  region: 'eu-central-1',
  prices: { s3Put: { usd: 0.0054, unit: 'request', per: 1000, date: '2026-01-01', source: 'list' } },
  instances: { 'g6.xlarge': { onDemandUsd: 1, date: '2024-01-01', source: 'list' } },
};

it('has every price that a plan needs', () => {
  const prices = ownPrices();

  expect(PRICE_NAMES.map((name) => prices.of(name)).every((usd) => usd > 0)).toBe(true);
});

it('is of one unit, and says what is not there', () => {
  const prices = parsePrices(JSON.stringify(FILE), 'eu.json');

  expect(prices.of('s3Put')).toBeCloseTo(0.0000054, 12);
  expect(() => prices.of('natGb')).toThrow('eu.json has no price "natGb" of eu-central-1, which the plan needs');
  expect(() => prices.machine('g5.xlarge')).toThrow(
    'no price of the machine "g5.xlarge" in eu-central-1; it has g6.xlarge',
  );
});

it('warns of prices that are older than asked', () => {
  const prices = parsePrices(JSON.stringify(FILE), 'eu.json');

  expect(prices.warnings(new Date('2026-01-31T00:00:00Z'), 30)).toEqual([
    '1 prices are of 2024-01-01, 761 days ago (more than 30): g6.xlarge',
  ]);
});

it('names what is wrong with a file', () => {
  const wrong = { ...FILE, prices: { s3Put: { ...FILE.prices.s3Put, usd: -1 } } };

  expect(() => parsePrices('{', 'eu.json')).toThrow('eu.json is not JSON');
  expect(() => parsePrices(JSON.stringify(wrong), 'eu.json')).toThrow(
    expect.objectContaining({ lines: [expect.stringMatching(/^prices\.s3Put\.usd: /)] }),
  );
});
