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

const XRAY_ROOT = /Root=([^;]+)/;

function describeError({ name, message, stack, cause, ...others }: Error) {
  const code: unknown = Reflect.get(others, 'code');
  return { name, message, ...(typeof code === 'string' ? { code } : {}), stack, cause };
}

function asJson(_name: string, value: unknown): unknown {
  if (value instanceof Error) return describeError(value);
  return typeof value === 'bigint' ? String(value) : value;
}

function isKnown([, value]: readonly [string, unknown]): boolean {
  return value !== undefined && value !== null && value !== '';
}

function toLine(head: LogFields, fields: LogFields): string {
  const known = Object.fromEntries(Object.entries({ ...head, ...fields }).filter(isKnown));
  try {
    return JSON.stringify(known, asJson);
  } catch (error) {
    // What cannot be written, as an object that holds itself, must not end the work that it tells of.
    return JSON.stringify({ ...head, unwritable: error instanceof Error ? error.name : typeof error });
  }
}

/**
 * A log on stdout, warnings and errors on stderr. In a Lambda each line has the trace of the invocation, by which CloudWatch shows the lines
 * beside it.
 * @param level of the least important lines that are written
 */
export function jsonLog(service: string, level: LogLevel): Log {
  const least = LEVELS.indexOf(level);

  function at(lineLevel: LogLevel) {
    if (LEVELS.indexOf(lineLevel) < least) return () => undefined;
    const stream = lineLevel === 'WARN' || lineLevel === 'ERROR' ? 'stderr' : 'stdout';
    return (message: string, fields?: LogFields) => {
      const timestamp = new Date().toISOString();
      const [, xrayTraceId] = XRAY_ROOT.exec(process.env._X_AMZN_TRACE_ID ?? '') ?? [];
      const head = { level: lineLevel, message, timestamp, service, xray_trace_id: xrayTraceId };
      process[stream].write(`${toLine(head, { ...currentJob(), ...fields })}\n`);
    };
  }

  return { debug: at('DEBUG'), info: at('INFO'), warn: at('WARN'), error: at('ERROR') };
}
