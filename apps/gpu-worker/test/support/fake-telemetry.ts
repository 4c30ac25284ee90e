import type { LogFields, Telemetry } from '@afterimage/telemetry';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: LogFields;
}

/** Keeps what was logged and counted. */
export function fakeTelemetry() {
  const lines: LogLine[] = [];
  const counts = new Map<string, number>();
  const write =
    (level: LogLine['level']) =>
    (message: string, fields: LogFields = {}) => {
      lines.push({ level, message, fields });
    };
  const telemetry: Telemetry = {
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    metrics: {
      count: (name, value = 1) => counts.set(name, (counts.get(name) ?? 0) + value),
      duration: () => undefined,
      flush: () => undefined,
    },
  };
  return { ...telemetry, lines, counts };
}
