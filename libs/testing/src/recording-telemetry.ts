type Fields = Readonly<Record<string, unknown>>;

/** One line that was logged. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Fields;
}

/** Telemetry that writes nothing, and keeps what was logged and counted. */
export function recordingTelemetry() {
  const lines: LogLine[] = [];
  const counts = new Map<string, number>();
  const write =
    (level: LogLine['level']) =>
    (message: string, fields: Fields = {}): void => {
      lines.push({ level, message, fields });
    };
  return {
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    metrics: {
      count: (name: string, value = 1): void => void counts.set(name, (counts.get(name) ?? 0) + value),
      duration: (): void => undefined,
      gauge: (): void => undefined,
      flush: (): void => undefined,
    },
    lines,
    counts,
  };
}
