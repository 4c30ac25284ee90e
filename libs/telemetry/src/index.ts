export * from './telemetry.ts';
export * from './traceparent.ts';
export * from './log/job-scope.ts';
export type { MetricSink } from './metrics/metric-sink.ts';
export type { CallDimensions, CounterName, DurationName, GaugeName, MetricName } from './metrics/index.ts';
