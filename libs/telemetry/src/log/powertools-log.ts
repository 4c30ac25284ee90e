import { Logger } from '@aws-lambda-powertools/logger';
import { currentJob } from './job-scope.ts';

/** Fields of one log line. Never a prompt, a key, a signed URL or a whole event. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Structured logging, one JSON line a call, with the fields of the job that is being handled. An `Error` under any field is written with name, message,
 * code, stack and cause.
 */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export type LogLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/** Without what an error carries beside that: one of the SDK holds its whole response. */
function withoutCargo(value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  const code: unknown = Reflect.get(value, 'code');
  return { name, message, ...(typeof code === 'string' ? { code } : {}), stack, cause: withoutCargo(cause) };
}

/**
 * A log by Powertools on stdout, warnings and errors on stderr. In a Lambda each line has the trace of the invocation, by which CloudWatch shows
 * the lines beside it.
 * @param logLevel of the least important lines that are written
 */
export function powertoolsLog(serviceName: string, logLevel: LogLevel): Log {
  const logger = new Logger({ serviceName, logLevel });
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}) => {
      const given = Object.entries(fields).map(([name, value]) => [name, withoutCargo(value)] as const);
      logger[level](message, { ...currentJob(), ...Object.fromEntries(given) });
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
