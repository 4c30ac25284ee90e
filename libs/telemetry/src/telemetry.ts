import { Logger } from '@aws-lambda-powertools/logger';
import { currentJob } from './log/job-scope.ts';
import { emfMetrics, type MetricOptions } from './metrics/emf-metrics.ts';
import type { MetricSink } from './metrics/metric-sink.ts';

/** Fields of one log line. Never a prompt, a key, a signed URL or a whole event. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Structured logging, one JSON line a call, with the fields of the job that is being handled. An `Error` under any field is written with name, message,
 * stack and cause.
 */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export interface Telemetry {
  readonly log: Log;
  readonly metrics: MetricSink;
}

export type LogLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/** The same shape in a Lambda and in a container. `service` is a field of every line and a dimension of every metric. */
export function createTelemetry({ logLevel, ...options }: MetricOptions & { readonly logLevel: LogLevel }): Telemetry {
  const logger = new Logger({ serviceName: options.service, logLevel });
  const write = (level: 'debug' | 'info' | 'warn' | 'error') => (message: string, fields?: LogFields) => {
    logger[level](message, { ...currentJob(), ...fields });
  };
  return {
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    metrics: emfMetrics(options),
  };
}
