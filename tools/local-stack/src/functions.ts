import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bundleOf, FUNCTION_NAMES, FUNCTIONS, type FunctionName } from './apps.ts';
import type { Variables } from './app-environments.ts';
import { makeLambdaFunction, type LambdaFunction } from './lambda/lambda-function.ts';

const MAX_CONCURRENCY = 64;

export interface FunctionsOptions {
  readonly appsDirectory: string;
  readonly environments: Readonly<Record<FunctionName, Variables>>;
  readonly logDirectory: string;
  /** Variables beside the app's own. */
  readonly host: Variables;
}

/** One function of the workspace, from its built bundle. @throws Error when it is not built */
export function openFunction(name: FunctionName, options: FunctionsOptions): LambdaFunction {
  const bundle = bundleOf(name, options.appsDirectory);
  if (!existsSync(bundle)) throw new Error(`${bundle} is missing; build it with: npx nx build ${name}`);
  return makeLambdaFunction({
    name,
    bundle,
    env: { ...options.host, ...options.environments[name] },
    ...FUNCTIONS[name],
    maxConcurrency: MAX_CONCURRENCY,
    logFile: join(options.logDirectory, `${name}.log`),
  });
}

/** All functions, each loaded. When one cannot be loaded, none is left running. */
export async function openFunctions(
  options: FunctionsOptions,
): Promise<Readonly<Record<FunctionName, LambdaFunction>>> {
  const functions = FUNCTION_NAMES.map((name) => [name, openFunction(name, options)] as const);
  try {
    await Promise.all(functions.map(([, each]) => each.warmUp()));
  } catch (error) {
    await Promise.all(functions.map(([, each]) => each.stop()));
    throw error;
  }
  return Object.fromEntries(functions) as Record<FunctionName, LambdaFunction>;
}
