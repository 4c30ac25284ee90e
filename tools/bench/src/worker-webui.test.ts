import { describe, expect, it } from 'vitest';
import { busyShare, medianGapMs } from './worker-webui.ts';

describe('the busy share', () => {
  it('is the time of the generations in that from the first beginning to the last end', () => {
    const spans = [
      { startedAtMs: 1000, endedAtMs: 1100 },
      { startedAtMs: 1150, endedAtMs: 1200 },
    ];

    expect(busyShare(spans)).toBe(0.75);
  });

  it('goes with the median of the time between two jobs', () => {
    const spans = [0, 11, 23, 60].map((startedAtMs) => ({ startedAtMs, endedAtMs: startedAtMs + 10 }));

    expect(medianGapMs(spans)).toBe(2);
    expect(medianGapMs(spans.slice(0, 1))).toBe(0);
  });

  it('is one for an engine that never waits', () => {
    expect(busyShare([{ startedAtMs: 5, endedAtMs: 7 }])).toBe(1);
  });
});
