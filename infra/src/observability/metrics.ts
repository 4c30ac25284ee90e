import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { FunctionName, StageConfig } from '../config/stage-config.ts';
import { resourceName } from '../stage-context.ts';

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
  return {
    api: (name: string, options?: MetricOptions) =>
      metric('AWS/ApiGateway', name, { ApiName: resourceName(config, 'api'), Stage: 'live' }, options),
    lambda: (app: FunctionName, name: string, options?: MetricOptions) =>
      metric('AWS/Lambda', name, { FunctionName: resourceName(config, app) }, options),
    queue: (queue: string, name: string, options?: MetricOptions) =>
      metric('AWS/SQS', name, { QueueName: resourceName(config, queue) }, options),
    table: (name: string, options?: MetricOptions) =>
      metric('AWS/DynamoDB', name, { TableName: resourceName(config, 'jobs') }, options),
    /** A metric that an app writes itself; `service` is its name. */
    app: (service: string, name: string, options?: MetricOptions) => metric('Afterimage', name, { service }, options),
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
