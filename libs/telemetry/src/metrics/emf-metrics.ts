import { dimensionSets, METRIC_CATALOGUE, METRIC_NAMESPACE, type MetricName } from './catalogue.ts';
import { closedDimensions } from './closed-dimensions.ts';
import type { CallDimensions, Dimension } from './definition.ts';
import type { MetricSink } from './metric-sink.ts';

export interface MetricOptions {
  /** Value of the dimension `service`. */
  readonly service: string;
  /** Value of the dimension `pool`; a process that serves no pool has none. */
  readonly pool?: string;
}

type Values = readonly (readonly [Dimension, string])[];

/** One line of the format has one list of dimension sets, so metrics are gathered by the values of theirs. */
interface Gathered {
  readonly dimensions: Values;
  readonly metrics: Map<MetricName, number[]>;
}

/** Metrics in one line, and values of one metric: more are not taken. */
const MAX_IN_LINE = 100;

function toLine(service: string, { dimensions, metrics }: Gathered): string {
  const names = [...metrics.keys()];
  return JSON.stringify({
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        {
          Namespace: METRIC_NAMESPACE,
          Dimensions: dimensionSets({ dimensions: dimensions.map(([dimension]) => dimension) }),
          Metrics: names.map((name) => ({ Name: name, Unit: METRIC_CATALOGUE[name].unit })),
        },
      ],
    },
    service,
    ...Object.fromEntries(dimensions),
    ...Object.fromEntries([...metrics].map(([name, values]) => [name, values.length === 1 ? values[0] : values])),
  });
}

/**
 * Metrics in CloudWatch's embedded metric format: a line on stdout for each combination of dimensions, no call to AWS
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
 */
export function emfMetrics({ service, pool }: MetricOptions): MetricSink {
  const gathered = new Map<string, Gathered>();

  function flush(): void {
    const lines = [...gathered.values()].map((each) => `${toLine(service, each)}\n`);
    gathered.clear();
    if (lines.length > 0) process.stdout.write(lines.join(''));
  }

  function add(name: MetricName, value: number, call?: CallDimensions): void {
    const dimensions = closedDimensions(METRIC_CATALOGUE[name].dimensions, pool, call);
    const key = JSON.stringify(dimensions);
    const { metrics } = gathered.get(key) ?? { metrics: new Map<MetricName, number[]>() };
    const values = metrics.get(name) ?? [];
    values.push(value);
    metrics.set(name, values);
    gathered.set(key, { dimensions, metrics });
    if (values.length === MAX_IN_LINE || metrics.size === MAX_IN_LINE) flush();
  }

  return {
    count: (name, value = 1, dimensions) => add(name, value, dimensions),
    duration: (name, milliseconds) => add(name, milliseconds),
    gauge: (name, value) => add(name, value),
    flush,
  };
}
