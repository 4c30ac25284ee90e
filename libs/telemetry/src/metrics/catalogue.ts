import type { MetricDefinition, MetricKind } from './definition.ts';
import { FUNCTION_METRICS } from './function-metrics.ts';
import { WORKER_METRICS } from './worker-metrics.ts';

/** Namespace of every metric of the catalogue in CloudWatch. */
export const METRIC_NAMESPACE = 'Afterimage';

const CATALOGUE = { ...WORKER_METRICS, ...FUNCTION_METRICS } as const;

/** Every metric that an app may write. */
export const METRIC_CATALOGUE: Readonly<Record<MetricName, MetricDefinition>> = CATALOGUE;

export type MetricName = keyof typeof CATALOGUE;
type NameOf<K extends MetricKind> = {
  [Name in MetricName]: (typeof CATALOGUE)[Name]['kind'] extends K ? Name : never;
}[MetricName];
export type CounterName = NameOf<'counter'>;
export type DurationName = NameOf<'duration'>;
export type GaugeName = NameOf<'gauge'>;

const NAMES: ReadonlySet<string> = new Set(Object.keys(CATALOGUE));

export function isMetricName(name: string): name is MetricName {
  return NAMES.has(name);
}

/** The sets of dimensions that a metric is there under: `service` alone, and with each of its further dimensions. */
export function dimensionSets({ dimensions }: Pick<MetricDefinition, 'dimensions'>): string[][] {
  return [['service'], ...dimensions.map((dimension) => ['service', dimension])];
}
