import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, loadConfig } from '@afterimage/app-config';
import type { Variables } from '../app-environments.ts';
import { APP_ENV_SCHEMAS, WORKSPACE_ROOT, type AppName } from '../apps.ts';
import { localPaths } from '../local-files.ts';

/**
 * This process's environment, completed by what the local stack wrote down for the app; a variable that is set wins.
 * @throws ConfigError that names every variable that is missing or wrong
 */
export function completeEnvironment(app: AppName): Variables {
  const file = join(localPaths(join(WORKSPACE_ROOT, '.afterimage')).env, `${app}.env`);
  if (existsSync(file)) process.loadEnvFile(file);
  try {
    loadConfig(APP_ENV_SCHEMAS[app], process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(`${app}: ${error.message}. Set them, or start the local stack, which writes ${file}`);
  }
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
