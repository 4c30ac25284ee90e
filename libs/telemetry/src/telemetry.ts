import { type Log, type LogLevel, powertoolsLog } from './log/powertools-log.ts';
import { emfMetrics, type MetricOptions } from './metrics/emf-metrics.ts';
import type { MetricSink } from './metrics/metric-sink.ts';

export type { Log, LogFields, LogLevel } from './log/powertools-log.ts';

export interface Telemetry {
  readonly log: Log;
  readonly metrics: MetricSink;
}

/** The same shape in a Lambda and in a container. `service` is a field of every line and a dimension of every metric. */
export function createTelemetry({ logLevel, ...options }: MetricOptions & { readonly logLevel: LogLevel }): Telemetry {
  return { log: powertoolsLog(options.service, logLevel), metrics: emfMetrics(options) };
}
