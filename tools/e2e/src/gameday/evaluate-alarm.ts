import type { alarmsOf } from '@afterimage/infra/alarms';
import type { Datapoint } from './measured.ts';
import { evaluateMath, type Value } from './metric-math.ts';

/** An alarm as the deployment has it. */
export type Alarm = ReturnType<typeof alarmsOf>[number];

function statisticOf(statistic: string, values: readonly number[]): Value {
  if (values.length === 0) return undefined;
  const sum = values.reduce((total, value) => total + value, 0);
  if (statistic === 'Sum') return sum;
  if (statistic === 'Average') return sum / values.length;
  if (statistic === 'Minimum') return Math.min(...values);
  if (statistic === 'Maximum') return Math.max(...values);
  const percentile = Number(/^p(\d+)$/.exec(statistic)?.[1]);
  if (Number.isNaN(percentile)) throw new Error(`the statistic ${statistic} is not known`);
  return values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil((percentile / 100) * values.length) - 1)];
}

/** The value of an alarm's metric over the datapoints, taken for one period. */
export function valueOf(metric: Alarm['metric'], datapoints: readonly Datapoint[]): Value {
  const { metricStat, mathExpression } = metric.toMetricConfig();
  if (mathExpression !== undefined) {
    const parts = Object.entries(mathExpression.usingMetrics).map(([id, part]) => [id, valueOf(part, datapoints)]);
    return evaluateMath(mathExpression.expression, Object.fromEntries(parts));
  }
  if (metricStat === undefined) throw new Error('the metric is neither a statistic nor a formula');
  const { namespace, metricName, dimensions = [], statistic } = metricStat;
  const own = datapoints.filter(
    (each) =>
      each.namespace === namespace &&
      each.name === metricName &&
      Object.keys(each.dimensions).length === dimensions.length &&
      dimensions.every(({ name, value }) => each.dimensions[name] === value),
  );
  return statisticOf(
    statistic,
    own.flatMap(({ values }) => values),
  );
}

/**
 * The value that an alarm's metric had when it crossed its threshold, else the latest. A period of CloudWatch may end with any
 * datapoint: what comes after the crossing does not take it back, however late somebody looks.
 */
export function crossing({ metric, above }: Pick<Alarm, 'metric' | 'above'>, datapoints: readonly Datapoint[]): Value {
  const times = [...new Set(datapoints.map(({ atMs }) => atMs))].sort((a, b) => a - b);
  let last: Value;
  for (const until of times) {
    last = valueOf(
      metric,
      datapoints.filter(({ atMs }) => atMs <= until),
    );
    if (last !== undefined && last > above) return last;
  }
  return last;
}
