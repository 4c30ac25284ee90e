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

const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
export type LogLevel = (typeof LEVELS)[number];

/** An error may be its own cause. */
const MAX_CAUSES = 8;

/** Without what an error carries beside that: one of the SDK holds its whole response. */
function withoutCargo(value: unknown, depth = 0): unknown {
  if (!(value instanceof Error)) return value;
  if (depth === MAX_CAUSES) return value.name;
  const { name, message, stack, cause } = value;
  const code: unknown = Reflect.get(value, 'code');
  return { name, message, ...(typeof code === 'string' ? { code } : {}), stack, cause: withoutCargo(cause, depth + 1) };
}

/**
 * A log by Powertools on stdout, warnings and errors on stderr. In a Lambda each line has the trace of the invocation, by which CloudWatch shows
 * the lines beside it.
 * @param logLevel of the least important lines that are written
 */
export function powertoolsLog(serviceName: string, logLevel: LogLevel): Log {
  const least = LEVELS.indexOf(logLevel);
  let made: Logger | undefined;
  // Made with the first line: it opens the outputs of the process, and most invocations of a function have nothing to tell.
  const logger = () => (made ??= new Logger({ serviceName, logLevel }));

  function at(level: LogLevel, method: 'debug' | 'info' | 'warn' | 'error') {
    if (LEVELS.indexOf(level) < least) return () => undefined;
    return (message: string, fields: LogFields = {}) => {
      const given = Object.entries(fields).map(([name, value]) => [name, withoutCargo(value)] as const);
      logger()[method](message, { ...currentJob(), ...Object.fromEntries(given) });
    };
  }

  return {
    debug: at('DEBUG', 'debug'),
    info: at('INFO', 'info'),
    warn: at('WARN', 'warn'),
    error: at('ERROR', 'error'),
  };
}
