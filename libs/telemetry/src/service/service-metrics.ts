import { emfMetrics, type MetricOptions } from '../metrics/emf-metrics.ts';
import type { MetricSink } from '../metrics/metric-sink.ts';

/** Metrics of a long-running service. */
export interface ServiceMetrics extends MetricSink {
  /** Sends what is left, for two seconds at most. */
  close(): Promise<void>;
}

export interface ServiceMetricsOptions extends MetricOptions {
  /**
   * `otlp`: to a collector. CloudWatch finds metrics in the logs of functions, but not in those of pods. `console`: the
   * embedded metric format on stdout.
   */
  readonly exporter: 'otlp' | 'console';
  /** Base URL that takes OTLP over HTTP; without it there is no `otlp`. */
  readonly endpoint: string | undefined;
}

/** Where the metrics of a service go; OpenTelemetry is not even loaded unless it is asked for. */
export async function createServiceMetrics(options: ServiceMetricsOptions): Promise<ServiceMetrics> {
  const { exporter, endpoint, service, pool } = options;
  const about = { service, ...(pool === undefined ? {} : { pool }) };
  if (exporter === 'console' || endpoint === undefined) {
    const metrics = emfMetrics(about);
    return { ...metrics, close: async () => metrics.flush() };
  }
  const { createOtelMetrics } = await import('./otel-metrics.ts');
  return createOtelMetrics({ ...about, endpoint });
}
