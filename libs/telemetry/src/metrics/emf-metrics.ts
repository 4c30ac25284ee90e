import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRIC_CATALOGUE, METRIC_NAMESPACE, type MetricName } from './catalogue.ts';
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
  readonly emf: Metrics;
  readonly values: Values;
}

/**
 * Metrics in CloudWatch's embedded metric format: a line on stdout for each combination of dimensions, no call to AWS
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
 */
export function emfMetrics({ service, pool }: MetricOptions): MetricSink {
  const gathered = new Map<string, Gathered>();

  function gatheredFor(values: Values): Gathered {
    const key = JSON.stringify(values);
    const known = gathered.get(key);
    if (known !== undefined) return known;
    const made = { emf: new Metrics({ namespace: METRIC_NAMESPACE, serviceName: service }), values };
    gathered.set(key, made);
    return made;
  }

  function add(name: MetricName, value: number, call?: CallDimensions): void {
    const { unit, dimensions } = METRIC_CATALOGUE[name];
    gatheredFor(closedDimensions(dimensions, pool, call)).emf.addMetric(name, MetricUnit[unit], value);
  }

  return {
    count: (name, value = 1, dimensions) => add(name, value, dimensions),
    duration: (name, milliseconds) => add(name, milliseconds),
    gauge: (name, value) => add(name, value),
    flush() {
      for (const { emf, values } of gathered.values()) {
        if (!emf.hasStoredMetrics()) continue;
        // None is the set of `service` alone, which every set has.
        for (const set of [[], ...values.map((value) => [value])]) emf.addDimensions(Object.fromEntries(set));
        emf.publishStoredMetrics();
      }
    },
  };
}
