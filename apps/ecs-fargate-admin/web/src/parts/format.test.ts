import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, formatDollars, formatMs, formatShare } from './format.ts';

describe('spans of time', () => {
  it.each([
    [null, '–'],
    [0, '0 ms'],
    [999, '999 ms'],
    [1000, '1.0 s'],
    [59_940, '59.9 s'],
    [60_000, '1.0 min'],
    [5_400_000, '1.5 h'],
    [200_000_000, '2.3 d'],
  ])('%s ms is %s', (ms, text) => {
    expect(formatMs(ms)).toBe(text);
  });

  it('never round to 60 of a unit', () => {
    expect(formatMs(59_999)).toBe('1.0 min');
    expect(formatMs(3_599_999)).toBe('1.0 h');
  });
});

describe('other figures', () => {
  it.each([
    [formatCount(null), '–'],
    [formatCount(2.4), '2.4'],
    [formatShare(0.98765), '98.8 %'],
    [formatShare(null), '–'],
    [formatDollars(0.001234), '$0.0012'],
    [formatDollars(12), '$12'],
    [formatDollars(null), '–'],
    [formatBytes(121_300), '121.3 kB'],
    [formatBytes(3_140_000), '3.1 MB'],
  ])('%s', (text, expected) => {
    expect(text).toBe(expected);
  });
});
