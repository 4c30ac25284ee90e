import type { Log, LogFields, MetricSink } from '@afterimage/telemetry';

export interface LogLine {
  readonly level: keyof Log;
  readonly message: string;
  readonly fields: LogFields;
}

/** Telemetry that writes nothing, and keeps what it was given. */
export function silentTelemetry() {
  const lines: LogLine[] = [];
  const counts = new Map<string, number>();
  const write =
    (level: keyof Log) =>
    (message: string, fields: LogFields = {}) => {
      lines.push({ level, message, fields });
    };
  const log: Log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const metrics: MetricSink = {
    count(name, value = 1) {
      counts.set(name, (counts.get(name) ?? 0) + value);
    },
    duration: () => undefined,
    flush: () => undefined,
  };
  return { log, metrics, lines, counts };
}
