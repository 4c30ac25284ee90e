import { expect, test } from 'vitest';
import { parseOptions } from './options.ts';

test('the run that is documented needs no options', () => {
  expect(parseOptions([])).toMatchObject({ jobs: 1000, concurrency: 32, size: 64, steps: 2 });
});

test('options are taken over', () => {
  const args = [
    '--jobs',
    '10',
    '--concurrency=4',
    '--size',
    '256',
    '--steps',
    '3',
    '--workers',
    '2',
    '--timeout-seconds',
    '60',
  ];
  expect(parseOptions(args)).toEqual({ jobs: 10, concurrency: 4, size: 256, steps: 3, workers: 2, timeoutSeconds: 60 });
});

test.each([
  [['--jobs', '0'], '--jobs must be a whole number from 1 to 100000, got "0"'],
  [['--jobs', ''], 'got ""'],
  [['--concurrency', '1.5'], '--concurrency'],
  [['--size', '65'], '--size must be a whole number from 64 to 2048 in steps of 8, got "65"'],
  [['--sise', '64'], '--sise'],
])('%j is refused', (args, message) => {
  expect(() => parseOptions(args)).toThrow(message);
});
