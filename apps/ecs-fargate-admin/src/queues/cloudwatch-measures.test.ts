import { expect, it } from 'vitest';
import { toMeasures } from './cloudwatch-measures.ts';

const QUEUES = ['a', 'b'].map((name) => ({ name, url: `https://sqs/${name}`, jobs: null }));

it('tells of each queue what is known of it', () => {
  const latest = new Map([
    ['oldestAgeSeconds0', 90],
    ['arrivedPerMinute0', 50],
    ['endedPerMinute1', 0],
  ]);

  expect(toMeasures(QUEUES, latest)).toEqual(
    new Map([
      ['a', { oldestAgeSeconds: 90, arrivedPerMinute: 10, endedPerMinute: null }],
      ['b', { oldestAgeSeconds: null, arrivedPerMinute: null, endedPerMinute: 0 }],
    ]),
  );
});
