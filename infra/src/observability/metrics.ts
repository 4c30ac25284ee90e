import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  AWS_METRICS,
  METRIC_NAMESPACE,
  type AwsMetricName,
  type AwsNamespace,
  type MetricName,
  type ServiceName,
} from '@afterimage/telemetry/metrics';
import type { FunctionName, StageConfig } from '../config/stage-config.ts';
import { poolObjectName, POOLS_NAMESPACE } from '../constructs/kubernetes/pool-names.ts';
import { clusterName, resourceName } from '../stage-context.ts';

export interface MetricOptions {
  readonly statistic?: string;
  readonly minutes?: number;
  readonly label?: string;
}

/** The metrics of a stage, by the names of its resources: no stack has to be deployed before the one that watches it. */
export function metricsOf(config: StageConfig) {
  const metric = (
    namespace: string,
    metricName: string,
    dimensionsMap: Record<string, string>,
    { statistic = 'Sum', minutes = 5, label }: MetricOptions = {},
  ): Metric =>
    new Metric({ namespace, metricName, dimensionsMap, statistic, period: Duration.minutes(minutes), label });
  /** With the dimensions of the namespace, in the order of their list. */
  const ofAws =
    <N extends AwsNamespace>(namespace: N) =>
    (values: readonly string[], name: AwsMetricName<N>, options?: MetricOptions) => {
      const dimensions = AWS_METRICS[namespace].dimensions.map((dimension, index) => [dimension, values[index] ?? '']);
      return metric(namespace, name, Object.fromEntries(dimensions), options);
    };
  const [api, lambda, queue] = [ofAws('AWS/ApiGateway'), ofAws('AWS/Lambda'), ofAws('AWS/SQS')];
  const [table, pods] = [ofAws('AWS/DynamoDB'), ofAws('ContainerInsights')];
  return {
    api: (name: AwsMetricName<'AWS/ApiGateway'>, options?: MetricOptions) =>
      api([resourceName(config, 'api'), 'live'], name, options),
    lambda: (app: FunctionName, name: AwsMetricName<'AWS/Lambda'>, options?: MetricOptions) =>
      lambda([resourceName(config, app)], name, options),
    queue: (each: string, name: AwsMetricName<'AWS/SQS'>, options?: MetricOptions) =>
      queue([resourceName(config, each)], name, options),
    table: (name: AwsMetricName<'AWS/DynamoDB'>, options?: MetricOptions) =>
      table([resourceName(config, 'jobs')], name, options),
    /** Of the pods of a pool. */
    pods: (pool: string, name: AwsMetricName<'ContainerInsights'>, options?: MetricOptions) =>
      pods([clusterName(config), POOLS_NAMESPACE, poolObjectName(pool)], name, options),
    /** A metric that an app writes itself. */
    app: (service: ServiceName, name: MetricName, options?: MetricOptions) =>
      metric(METRIC_NAMESPACE, name, { service }, options),
    /** The same of the workers of one pool. */
    pool: (pool: string, name: MetricName, options?: MetricOptions) =>
      metric(METRIC_NAMESPACE, name, { service: 'gpu-worker', pool }, options),
  };
}
export type Metrics = ReturnType<typeof metricsOf>;

/** A formula over metrics; those without data count as nothing. */
export function formula(
  expression: string,
  usingMetrics: Record<string, IMetric>,
  { minutes = 5, label }: Omit<MetricOptions, 'statistic'> = {},
): MathExpression {
  return new MathExpression({ expression, usingMetrics, period: Duration.minutes(minutes), label });
}
