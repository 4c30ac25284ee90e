import type { AdminTraceSpan } from '@afterimage/admin-schemas';
import { describe, expect, it } from 'vitest';
import { traceBars } from './trace-bars.ts';

function span(startedAtMs: number, endedAtMs: number | null): AdminTraceSpan {
  return {
    id: `span-${startedAtMs}`,
    parentId: null,
    depth: 0,
    name: 'engine',
    service: 'gpu-worker',
    origin: null,
    startedAtMs,
    endedAtMs,
    isFault: false,
    attributes: {},
    links: [],
  };
}

describe('traceBars', () => {
  it('lays the spans over the whole of the trace', () => {
    expect(traceBars([span(1000, 1200), span(1050, 1150), span(1150, null)])).toEqual([
      { startsAt: 0, width: 100 },
      { startsAt: 25, width: 50 },
      { startsAt: 75, width: 25 },
    ]);
  });

  it('keeps what takes no time visible, within the picture', () => {
    const [, atEnd] = traceBars([span(0, 10_000), span(10_000, 10_000)]);
    expect(atEnd?.width).toBeGreaterThan(0);
    expect((atEnd?.startsAt ?? 0) + (atEnd?.width ?? 0)).toBeLessThanOrEqual(100);
    expect(traceBars([span(5, 5)])).toHaveLength(1);
  });
});
