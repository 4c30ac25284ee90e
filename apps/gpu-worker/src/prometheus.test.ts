import { recordingTelemetry } from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import { PrometheusMetrics } from './prometheus.ts';

describe('the metrics for Prometheus', () => {
  it('are totals by their own names, beside the gauges', () => {
    const metrics = new PrometheusMetrics(recordingTelemetry().metrics);
    metrics.count('JobsSucceeded');
    metrics.count('JobsSucceeded', 2);
    metrics.duration('JobQueueTime', 1500);
    metrics.duration('JobQueueTime', 500);

    expect(metrics.report({ afterimage_worker_jobs: 2 }).text).toBe(
      [
        '# TYPE afterimage_worker_jobs gauge',
        'afterimage_worker_jobs 2',
        '# TYPE afterimage_jobs_succeeded_total counter',
        'afterimage_jobs_succeeded_total 3',
        '# TYPE afterimage_job_queue_time_seconds summary',
        'afterimage_job_queue_time_seconds_sum 2',
        'afterimage_job_queue_time_seconds_count 2',
        '',
      ].join('\n'),
    );
  });

  it('are passed on as they are', () => {
    const telemetry = recordingTelemetry();
    const metrics = new PrometheusMetrics(telemetry.metrics);

    metrics.count('JobsFailed');
    metrics.flush();

    expect(telemetry.counts).toEqual(new Map([['JobsFailed', 1]]));
  });
});
