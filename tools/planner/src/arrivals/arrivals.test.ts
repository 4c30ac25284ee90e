import { describe, expect, it } from 'vitest';
import { makeRandom } from '../simulation/random.ts';
import { parseArrivals, repeatTo } from './arrivals-csv.ts';
import { arrivalsOf, PROFILES } from './profile.ts';

const WEEK = 7 * 86_400;

describe('profiles', () => {
  it.each(PROFILES)(
    '%s: as many jobs as asked, in order, within the period, the same with the same seed',
    (profile) => {
      const times = arrivalsOf(profile, 5000, WEEK, makeRandom(3));

      expect(times).toHaveLength(5000);
      expect(times).toEqual(times.toSorted());
      expect(times.at(-1)).toBeLessThan(WEEK);
      expect(arrivalsOf(profile, 5000, WEEK, makeRandom(3))).toEqual(times);
    },
  );

  it('office has nine of ten jobs on working days between 9 and 17 h, and a share of the rest', () => {
    const times = arrivalsOf('office', 20_000, WEEK, makeRandom(3));
    const within = times.filter((time) => time < 5 * 86_400 && time % 86_400 >= 9 * 3600 && time % 86_400 < 17 * 3600);

    expect(within.length / times.length).toBeCloseTo(0.9 + (0.1 * 40) / 168, 1);
  });
});

describe('CSV', () => {
  it('reads times, counts, a heading and lines in any order', () => {
    const { times, seconds } = parseArrivals(
      'timestamp,count\n2026-01-01T00:01:00Z,1\n2026-01-01T00:00:00Z,3\n2026-01-01T00:02:00Z,0\n',
      'day.csv',
    );

    expect([...times]).toEqual([0, 20, 40, 60]);
    expect(seconds).toBe(180);
  });

  it('names each wrong line by its number', () => {
    const csv =
      'timestamp,count\n2026-01-01T00:00:00Z,3\nyesterday,1\n2026-01-01T00:01:00Z,-2\na,b,c\n2026-13-01T00:00:00Z';

    expect(() => parseArrivals(csv, 'day.csv')).toThrow(
      expect.objectContaining({
        message: 'day.csv has 4 wrong lines',
        lines: [
          'line 3: "yesterday" is no time, must be like 2026-01-31T09:00:00Z',
          'line 4: count "-2" must be a whole number from 0 to 999999999',
          'line 5: has 3 columns, must be "timestamp" or "timestamp,count"',
          'line 6: "2026-13-01T00:00:00Z" is no time, must be like 2026-01-31T09:00:00Z',
        ],
      }),
    );
  });

  it('refuses what has no length, no job, or too many', () => {
    expect(() => parseArrivals('2026-01-01T00:00:00Z', 'a.csv')).toThrow(
      'a.csv must have lines of at least two different times',
    );
    expect(() => parseArrivals('2026-01-01T00:00:00Z,0\n2026-01-02T00:00:00Z,0', 'a.csv')).toThrow('has 0 jobs');
    expect(() => parseArrivals('2026-01-01T00:00:00Z,999999999\n2026-01-02T00:00:00Z', 'a.csv')).toThrow('to 20000000');
  });

  it('is repeated until the period is full', () => {
    expect([...repeatTo(Float64Array.of(0, 5), 10, 26)]).toEqual([0, 5, 10, 15, 20, 25]);
  });
});
