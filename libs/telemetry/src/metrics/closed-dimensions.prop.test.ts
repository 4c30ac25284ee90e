import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf } from '../../test/lines-of.ts';
import { createTelemetry } from '../telemetry.ts';
import { dimensionSets, isMetricName, METRIC_CATALOGUE } from './catalogue.ts';
import { OTHER } from './closed-dimensions.ts';
import { FAILURE_REASONS } from './definition.ts';

/** What would make a metric of its own for each job, tenant or address. */
const unbounded = fc.oneof(
  fc.uuid().map((id) => `job_${id}`),
  fc.uuid().map((id) => `tenant_${id}`),
  fc.webUrl({ withQueryParameters: true }),
  fc.ipV4(),
  fc.string({ minLength: 1 }),
);
const KNOWN: readonly string[] = [...FAILURE_REASONS, OTHER];
const names = Object.keys(METRIC_CATALOGUE).filter(isMetricName);
const counters = names.filter((name) => METRIC_CATALOGUE[name].kind === 'counter');

describe('the values of dimensions', () => {
  it('are from closed sets, whatever the callers give', () => {
    fc.assert(
      fc.property(fc.constantFrom(...counters), unbounded, (name, value) => {
        const lines = linesOf(() => {
          const { metrics } = createTelemetry({ service: 'gpu-worker', pool: 'sdxl', logLevel: 'INFO' });
          // As from a caller that is not type-checked.
          Reflect.apply(metrics.count, metrics, [name, 1, { reason: value, jobId: value }]);
          metrics.flush();
        });

        expect(lines).toHaveLength(1);
        const { reason = OTHER, pool = 'sdxl', jobId } = lines[0] ?? {};
        expect(KNOWN).toContain(reason);
        expect(pool).toBe('sdxl');
        expect(jobId).toBeUndefined();
      }),
    );
  });

  it('of a pool is a name that a pool can have, or "other"', () => {
    fc.assert(
      fc.property(unbounded, (pool) => {
        const lines = linesOf(() => {
          const { metrics } = createTelemetry({ service: 'gpu-worker', pool, logLevel: 'INFO' });
          metrics.count('JobsSucceeded');
          metrics.flush();
        });

        expect(lines[0]?.['pool']).toMatch(/^[a-z][a-z0-9-]{0,30}$/);
      }),
    );
  });
});

describe('a metric', () => {
  it('is there by service, by pool and by reason', () => {
    const lines = linesOf(() => {
      const { metrics } = createTelemetry({ service: 'gpu-worker', pool: 'sdxl', logLevel: 'INFO' });
      metrics.count('JobsFailed', 1, { reason: 'out_of_memory' });
      metrics.count('JobsSucceeded', 2);
      metrics.flush();
      metrics.flush();
    });

    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({
      JobsFailed: 1,
      service: 'gpu-worker',
      pool: 'sdxl',
      reason: 'out_of_memory',
      _aws: {
        CloudWatchMetrics: [{ Namespace: 'Afterimage', Dimensions: dimensionSets(METRIC_CATALOGUE.JobsFailed) }],
      },
    });
    expect(lines[1]).toMatchObject({
      JobsSucceeded: 2,
      _aws: { CloudWatchMetrics: [{ Dimensions: [['service'], ['service', 'pool']] }] },
    });
  });
});
