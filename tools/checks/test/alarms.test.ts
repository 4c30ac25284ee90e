import { describe, expect, it } from 'vitest';
import { alarmsOf } from '@afterimage/infra/alarms';
import { readStage } from '@afterimage/infra/stages';
import { ownFiles, read } from './workspace.ts';

type AnyMetric = ReturnType<typeof alarmsOf>[number]['metric'];

const alarms = alarmsOf(readStage('dev'));

/** Anchors of the headings, as GitHub makes them. */
const anchors = new Set(
  [...read('docs/runbook.md').matchAll(/^#{2,3} (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-'),
  ),
);

/** The metrics that a formula is about, or the metric itself. */
function metricsIn(metric: AnyMetric): { namespace: string; metricName: string; service: string }[] {
  const { metricStat, mathExpression } = metric.toMetricConfig();
  if (mathExpression !== undefined) return Object.values(mathExpression.usingMetrics).flatMap(metricsIn);
  if (metricStat === undefined) return [];
  const { namespace, metricName, dimensions = [] } = metricStat;
  return [{ namespace, metricName, service: String(dimensions.find(({ name }) => name === 'service')?.value) }];
}

describe('the runbook', () => {
  it('has a heading for each alarm', () => {
    const missing = alarms.filter(({ runbook }) => !anchors.has(runbook)).map(({ name, runbook }) => [name, runbook]);

    expect(missing).toEqual([]);
  });

  it('has no heading that no alarm leads to', () => {
    const used = new Set(alarms.map(({ runbook }) => runbook));
    const alone = [...read('docs/runbook.md').matchAll(/^## Alarms$([^]*?)(?=^## |$(?![^]))/gm)].flatMap(
      ([, text = '']) =>
        [...text.matchAll(/^### (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase().replaceAll(' ', '-')),
    );

    expect(alone.length).toBeGreaterThan(5);
    expect(alone.filter((anchor) => !used.has(anchor))).toEqual([]);
  });
});

describe("an alarm on an app's own metric", () => {
  const own = alarms.flatMap(({ metric }) => metricsIn(metric)).filter(({ namespace }) => namespace === 'Afterimage');

  it('is about a metric that the app writes', () => {
    expect(own.length).toBeGreaterThan(5);
    const unknown = own.filter(({ service, metricName }) => {
      const files = ownFiles(`apps/${service}/src/**/metrics.ts`);
      return !files.some((file) => read(file).includes(`'${metricName}'`));
    });

    expect(unknown).toEqual([]);
  });
});
