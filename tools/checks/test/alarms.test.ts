import { describe, expect, it } from 'vitest';
import { alarmsOf, BUDGET_RUNBOOK } from '@afterimage/infra/alarms';
import {
  AWS_METRICS,
  dimensionSets,
  isMetricName,
  METRIC_CATALOGUE,
  METRIC_NAMESPACE,
} from '@afterimage/telemetry/metrics';
import { readStage } from '@afterimage/infra/stages';
import { read } from './workspace.ts';

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

interface Watched {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: ReadonlyMap<string, string>;
}

/** The metrics that a formula is about, or the metric itself. */
function metricsIn(metric: AnyMetric): Watched[] {
  const { metricStat, mathExpression } = metric.toMetricConfig();
  if (mathExpression !== undefined) return Object.values(mathExpression.usingMetrics).flatMap(metricsIn);
  if (metricStat === undefined) return [];
  const { namespace, metricName, dimensions = [] } = metricStat;
  return [{ namespace, metricName, dimensions: new Map(dimensions.map(({ name, value }) => [name, String(value)])) }];
}

/** The sections on alarms: heading, text. */
const sections = [...read('docs/runbook.md').matchAll(/^## Alarms$([^]*?)(?=^## |$(?![^]))/gm)]
  .flatMap(([, text = '']) => text.split(/^### /m).slice(1))
  .map((section) => [section.slice(0, section.indexOf('\n')), section] as const);

describe('the runbook', () => {
  it('has a heading for each alarm', () => {
    const missing = alarms.filter(({ runbook }) => !anchors.has(runbook)).map(({ name, runbook }) => [name, runbook]);

    expect(missing).toEqual([]);
  });

  it('asks the logs of pods for their fields by the names that the agent of the cluster gives them', () => {
    const lines = read('docs/runbook.md').split('\n');
    const queries = lines
      .filter((line) => line.includes('`/aws/containerinsights/') && !line.includes('`/aws/lambda/'))
      .flatMap((line) => [...line.matchAll(/`(filter [^`]*)`/g)].map(([, query = '']) => query));
    const plain = /(?<![\w.@])(?:message|level|reason|outcome|jobId|error)\b/;

    expect(queries.length).toBeGreaterThan(5);
    expect(queries.filter((query) => plain.test(query.replaceAll(/"[^"]*"/g, '')))).toEqual([]);
  });

  it('has no heading that no alarm leads to', () => {
    const used = new Set([...alarms.map(({ runbook }) => runbook), BUDGET_RUNBOOK]);

    expect(sections.map(([heading]) => heading.toLowerCase().replaceAll(' ', '-')).toSorted()).toEqual(
      [...used].toSorted(),
    );
  });

  it.each(sections)(
    'of "%s" has meaning, loss, three things to look at, what to do, and how it shows that it healed',
    (_, text) => {
      for (const part of ['Means', 'Lost', 'Look', 'Mitigate', 'Healed']) expect(text).toContain(`**${part}:**`);
      expect(text.match(/^\d\. /gm)).toHaveLength(3);
      expect(text).toMatch(/console/);
    },
  );
});

/** Whether an app, or AWS, writes the metric under exactly these dimensions. */
function isWritten({ namespace, metricName, dimensions }: Watched): boolean {
  const names = String([...dimensions.keys()].toSorted());
  if (namespace === METRIC_NAMESPACE) {
    if (!isMetricName(metricName)) return false;
    const metric = METRIC_CATALOGUE[metricName];
    const sets = dimensionSets(metric).map((set) => String(set.toSorted()));
    return metric.services.some((service) => service === dimensions.get('service')) && sets.includes(names);
  }
  const aws = Object.entries(AWS_METRICS).find(([each]) => each === namespace)?.[1];
  return aws !== undefined && metricName in aws.names && names === String([...aws.dimensions].toSorted());
}

describe('an alarm', () => {
  it('is on metrics that somebody writes, under dimensions that they have', () => {
    const watched = alarms.flatMap(({ name, metric }) => metricsIn(metric).map((each) => ({ alarm: name, ...each })));

    expect(watched.length).toBeGreaterThan(50);
    expect(watched.filter((each) => !isWritten(each))).toEqual([]);
  });

  it.each([
    ['a metric that is not there', 'JobsWon', { service: 'gpu-worker' }],
    ['a service that does not write it', 'JobsSucceeded', { service: 'submit-api' }],
    ['a dimension that it does not have', 'JobsSucceeded', { service: 'gpu-worker', reason: 'internal' }],
  ])('cannot be on %s', (_, metricName, dimensions) => {
    expect(
      isWritten({ namespace: METRIC_NAMESPACE, metricName, dimensions: new Map(Object.entries(dimensions)) }),
    ).toBe(false);
  });
});
