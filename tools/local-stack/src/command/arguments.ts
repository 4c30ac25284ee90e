import { parseArgs } from 'node:util';
import { CONSOLE_PORT_VARIABLE, DEFAULT_CONSOLE_PORT, DEFAULT_PORT, PORT_VARIABLE } from '../start-local-stack.ts';

export interface CommandArguments {
  readonly isFresh: boolean;
  readonly workers: number;
  readonly port: number;
  readonly consolePort: number;
  readonly engine: 'sketch' | 'onnx';
  /** Of the onnx engine: a model's folder, or one of such folders. */
  readonly modelDirectory: string | undefined;
  readonly sketchMsPerStep: number;
  readonly directory: string | undefined;
  readonly hasFirstJob: boolean;
  readonly wantsHelp: boolean;
}

/** The command cannot be run as it was given. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const PORTS = { min: 0, max: 65_535 };
/** Slow enough that the progress of a first job can be seen. */
const DEFAULT_MS_PER_STEP = 60;

export const USAGE = `npm start -- [options]

  --fresh               forget the state of earlier starts
  --workers N           number of workers (1)
  --engine NAME         sketch, a placeholder, or onnx, which runs Stable Diffusion (sketch)
  --model-dir FOLDER    models of the onnx engine
  --ms-per-step N       least time of one step of the sketch engine (${DEFAULT_MS_PER_STEP})
  --no-first-job        do not make a picture after the start
  --directory FOLDER    state, logs, keys and pictures (.afterimage)
  --help

  ${PORT_VARIABLE}=N          port of the API (${DEFAULT_PORT})
  ${CONSOLE_PORT_VARIABLE}=N  port of the console (${DEFAULT_CONSOLE_PORT})`;

function parseNumber(text: string, what: string, range: { readonly min: number; readonly max: number }): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= range.min && value <= range.max) return value;
  throw new UsageError(`${what} must be a whole number from ${range.min} to ${range.max}, got "${text}"`);
}

/** Which engine makes the pictures, and its models. */
function parseEngine(engine: string, modelDirectory: string | undefined) {
  if (engine !== 'sketch' && engine !== 'onnx') {
    throw new UsageError(`--engine must be sketch or onnx, got "${engine}"`);
  }
  if (engine === 'onnx' && modelDirectory === undefined) throw new UsageError('--engine onnx needs --model-dir FOLDER');
  if (engine === 'sketch' && modelDirectory !== undefined) throw new UsageError('--model-dir needs --engine onnx');
  return { engine, modelDirectory } as const;
}

/** @throws UsageError that names what is wrong */
export function parseArguments(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): CommandArguments {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      allowNegative: true,
      options: {
        fresh: { type: 'boolean', default: false },
        workers: { type: 'string', default: '1' },
        engine: { type: 'string', default: 'sketch' },
        'model-dir': { type: 'string' },
        'ms-per-step': { type: 'string', default: String(DEFAULT_MS_PER_STEP) },
        'first-job': { type: 'boolean', default: true },
        directory: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause });
  }
  return {
    isFresh: values.fresh,
    workers: parseNumber(values.workers, '--workers', { min: 0, max: 64 }),
    port: parseNumber(env[PORT_VARIABLE] ?? String(DEFAULT_PORT), PORT_VARIABLE, PORTS),
    consolePort: parseNumber(env[CONSOLE_PORT_VARIABLE] ?? String(DEFAULT_CONSOLE_PORT), CONSOLE_PORT_VARIABLE, PORTS),
    ...parseEngine(values.engine, values['model-dir']),
    sketchMsPerStep: parseNumber(values['ms-per-step'], '--ms-per-step', { min: 0, max: 60_000 }),
    directory: values.directory,
    hasFirstJob: values['first-job'],
    wantsHelp: values.help,
  };
}
