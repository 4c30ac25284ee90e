import { aJobRecord } from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import { summarizeJobs } from './summarize-jobs.ts';

const NOW = Date.parse('2026-11-22T12:00:30.000Z');

function ended(status: 'succeeded' | 'failed', finishedAt: string, queuedMs: number) {
  return aJobRecord({
    status,
    createdAt: '2026-11-22T11:30:00.000Z',
    finishedAt,
    timings: { queuedMs, modelLoadMs: 0, inferenceMs: queuedMs * 2, uploadMs: 1 },
  });
}

describe('summarizeJobs', () => {
  it('of no jobs has no shares and no percentiles', () => {
    const summary = summarizeJobs([], '1h', NOW);

    expect(summary).toMatchObject({ successRate: null, waitMs: { p50: null, p95: null }, images: 0, engineSeconds: 0 });
    expect(summary.series).toHaveLength(61);
    expect(summary.series[0]?.at).toBe('2026-11-22T11:00:00.000Z');
    expect(summary.series.at(-1)?.at).toBe('2026-11-22T12:00:00.000Z');
  });

  it('counts by state, and judges what succeeded or failed', () => {
    const jobs = [
      ended('succeeded', '2026-11-22T11:31:00.000Z', 100),
      ended('succeeded', '2026-11-22T11:31:59.999Z', 200),
      ended('succeeded', '2026-11-22T11:32:00.000Z', 300),
      ended('failed', '2026-11-22T11:33:00.000Z', 400),
      aJobRecord({ status: 'queued', createdAt: '2026-11-22T12:00:10.000Z' }),
    ];

    const summary = summarizeJobs(jobs, '1h', NOW);

    expect(summary.jobsByStatus).toMatchObject({ succeeded: 3, failed: 1, queued: 1, running: 0 });
    expect(summary.successRate).toBe(0.75);
    expect(summary.waitMs).toEqual({ p50: 200, p95: 400 });
    expect(summary.engineSeconds).toBe(2);
    const byTime = new Map(summary.series.map((point) => [point.at, point]));
    expect(byTime.get('2026-11-22T11:30:00.000Z')).toMatchObject({ created: 4, succeeded: 0 });
    expect(byTime.get('2026-11-22T11:31:00.000Z')).toMatchObject({ succeeded: 2, waitMs: { p50: 100, p95: 200 } });
    expect(byTime.get('2026-11-22T11:33:00.000Z')).toMatchObject({ failed: 1, runMs: { p50: 800, p95: 800 } });
    expect(byTime.get('2026-11-22T12:00:00.000Z')).toMatchObject({ created: 1 });
  });

  it.each([
    ['24h', 73],
    ['7d', 57],
  ] as const)('covers %s in %i points', (window, points) => {
    expect(summarizeJobs([], window, NOW).series).toHaveLength(points);
  });
});
