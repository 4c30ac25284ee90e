import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bundleOf, FUNCTION_NAMES, FUNCTIONS, type FunctionName } from './apps.ts';
import type { Variables } from './app-environments.ts';
import { openLogFile, type FunctionLog } from './lambda/function-log.ts';
import { makeLambdaFunction, type LambdaFunction } from './lambda/lambda-function.ts';
import type { TraceReceiver } from './traces/trace-receiver.ts';
import { tracedFunction } from './traces/traced-function.ts';

const MAX_CONCURRENCY = 64;

/** One function of the workspace, from its built bundle. @throws Error when it is not built */
export function openFunction(
  name: FunctionName,
  appsDirectory: string,
  env: Variables,
  log: FunctionLog,
  traces?: Pick<TraceReceiver, 'daemonAddress' | 'add'>,
): LambdaFunction {
  const bundle = bundleOf(name, appsDirectory);
  if (!existsSync(bundle)) throw new Error(`${bundle} is missing; build it with: npx nx build ${name}`);
  const { daemonAddress } = traces ?? {};
  const definition = { name, bundle, env, daemonAddress, maxConcurrency: MAX_CONCURRENCY, ...FUNCTIONS[name] };
  const lambda = makeLambdaFunction(definition, log);
  return traces === undefined ? lambda : tracedFunction(lambda, traces.add);
}

export interface FunctionsOptions {
  readonly appsDirectory: string;
  readonly environments: Readonly<Record<FunctionName, Variables>>;
  readonly logDirectory: string;
  /** Variables beside the app's own. */
  readonly host: Variables;
  /** Who is told of the functions' traces. */
  readonly traces: TraceReceiver | undefined;
}

/** All functions, each loaded. When one cannot be loaded, none is left running. */
export async function openFunctions(
  options: FunctionsOptions,
): Promise<Readonly<Record<FunctionName, LambdaFunction>>> {
  const { appsDirectory, environments, logDirectory, host, traces } = options;
  const functions = FUNCTION_NAMES.map((name) => {
    const log = openLogFile(join(logDirectory, `${name}.log`));
    return [name, openFunction(name, appsDirectory, { ...host, ...environments[name] }, log, traces)] as const;
  });
  try {
    await Promise.all(functions.map(([, each]) => each.warmUp()));
  } catch (error) {
    await Promise.all(functions.map(([, each]) => each.stop()));
    throw error;
  }
  return Object.fromEntries(functions) as Record<FunctionName, LambdaFunction>;
}
