import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { currentJob } from './log/job-scope.ts';

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

/** Counts and durations in CloudWatch's embedded metric format: one line on stdout, no call to AWS. */
export interface MetricSink {
  count(name: string, value?: number): void;
  /** Milliseconds. */
  duration(name: string, milliseconds: number): void;
  /** Writes what was gathered. A Lambda does so at the end of an invocation, a service after each job. */
  flush(): void;
}

export interface Telemetry {
  readonly log: Log;
  readonly metrics: MetricSink;
}

export type LogLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

const NAMESPACE = 'Afterimage';

/** The same shape in a Lambda and in a container. `service` is a field of every line and a dimension of every metric. */
export function createTelemetry(options: { readonly service: string; readonly logLevel: LogLevel }): Telemetry {
  const logger = new Logger({ serviceName: options.service, logLevel: options.logLevel });
  const emf = new Metrics({ namespace: NAMESPACE, serviceName: options.service });
  const write = (level: 'debug' | 'info' | 'warn' | 'error') => (message: string, fields?: LogFields) => {
    logger[level](message, { ...currentJob(), ...fields });
  };
  return {
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    metrics: {
      count: (name, value = 1) => emf.addMetric(name, MetricUnit.Count, value),
      duration: (name, milliseconds) => emf.addMetric(name, MetricUnit.Milliseconds, milliseconds),
      flush: () => {
        if (emf.hasStoredMetrics()) emf.publishStoredMetrics();
      },
    },
  };
}
