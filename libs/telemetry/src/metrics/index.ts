export * from './catalogue.ts';
export type { CallDimensions, Dimension, MetricDefinition, MetricKind, ServiceName } from './definition.ts';
export { SERVICES } from './definition.ts';
export * from './aws-metrics.ts';
export { describeMetrics } from './describe-metrics.ts';
