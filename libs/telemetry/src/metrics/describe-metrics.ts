import { AWS_METRICS } from './aws-metrics.ts';
import { dimensionSets, METRIC_CATALOGUE, METRIC_NAMESPACE } from './catalogue.ts';

type Row = readonly string[];

function table(head: Row, rows: readonly Row[]): string[] {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: Row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}

function own(): string[] {
  const rows = Object.entries(METRIC_CATALOGUE).map(([name, metric]) => [
    `\`${name}\``,
    metric.kind,
    metric.unit,
    dimensionSets(metric)
      .map((set) => set.join(' + '))
      .join('; '),
    metric.services.join(', '),
    metric.meaning,
  ]);
  return table(['Metric', 'Kind', 'Unit', 'Dimensions', 'Written by', 'Meaning'], rows);
}

function ofAws(): string[] {
  return Object.entries(AWS_METRICS).flatMap(([namespace, { dimensions, names, documentation }]) => [
    '',
    `### ${namespace}`,
    '',
    `By ${dimensions.join(', ')} ([documentation](${documentation})).`,
    '',
    ...table(
      ['Metric', 'Meaning'],
      Object.entries(names).map(([name, meaning]) => [`\`${name}\``, meaning]),
    ),
  ]);
}

/** The text of docs/metrics.md. */
export function describeMetrics(): string {
  return `${[
    '# Metrics',
    '',
    'Written by `npx nx run telemetry:generate` from the catalogue in `libs/telemetry`; a test holds the two together.',
    '',
    `## Namespace ${METRIC_NAMESPACE}`,
    '',
    "Functions write them to their logs in CloudWatch's embedded metric format. Workers send them by OTLP to the cluster's collector, which",
    'brings them to CloudWatch; on a machine of one’s own they write the same format to stdout, and `GET /metrics` has their totals for Prometheus.',
    'The values of dimensions are from closed sets: `service` and `pool` from the configuration, `reason` from the error codes of jobs.',
    '',
    ...own(),
    '',
    '## Of AWS',
    '',
    'What alarms and dashboards use of the metrics that AWS itself writes.',
    ...ofAws(),
    '',
    '## Computed',
    '',
    'On the dashboards, by metric math.',
    '',
    ...table(
      ['What', 'From'],
      [
        ['Cost of an image', '`JobInferenceTime` and `JobModelLoadTime` of a pool, its `usdPerHour`, and `ImagesMade`'],
        ['Success rate', '`JobsSucceeded` and `JobsFailed`'],
        ['Webhook failure rate', '`WebhookRetried`, `WebhookFailed` and `WebhookDelivered`'],
      ],
    ),
  ].join('\n')}\n`;
}
