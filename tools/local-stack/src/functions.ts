import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bundleOf, FUNCTION_NAMES, FUNCTIONS, type FunctionName } from './apps.ts';
import type { Variables } from './app-environments.ts';
import { openLogFile, type FunctionLog } from './lambda/function-log.ts';
import { makeLambdaFunction, type LambdaFunction } from './lambda/lambda-function.ts';

const MAX_CONCURRENCY = 64;

/** One function of the workspace, from its built bundle. @throws Error when it is not built */
export function openFunction(
  name: FunctionName,
  appsDirectory: string,
  env: Variables,
  log: FunctionLog,
): LambdaFunction {
  const bundle = bundleOf(name, appsDirectory);
  if (!existsSync(bundle)) throw new Error(`${bundle} is missing; build it with: npx nx build ${name}`);
  return makeLambdaFunction({ name, bundle, env, maxConcurrency: MAX_CONCURRENCY, ...FUNCTIONS[name] }, log);
}

export interface FunctionsOptions {
  readonly appsDirectory: string;
  readonly environments: Readonly<Record<FunctionName, Variables>>;
  readonly logDirectory: string;
  /** Variables beside the app's own. */
  readonly host: Variables;
}

/** All functions, each loaded. When one cannot be loaded, none is left running. */
export async function openFunctions(
  options: FunctionsOptions,
): Promise<Readonly<Record<FunctionName, LambdaFunction>>> {
  const { appsDirectory, environments, logDirectory, host } = options;
  const functions = FUNCTION_NAMES.map((name) => {
    const log = openLogFile(join(logDirectory, `${name}.log`));
    return [name, openFunction(name, appsDirectory, { ...host, ...environments[name] }, log)] as const;
  });
  try {
    await Promise.all(functions.map(([, each]) => each.warmUp()));
  } catch (error) {
    await Promise.all(functions.map(([, each]) => each.stop()));
    throw error;
  }
  return Object.fromEntries(functions) as Record<FunctionName, LambdaFunction>;
}
