// node tools/local-stack/src/serve.ts APP: runs one built app by itself, against the running local stack or any AWS
// endpoint that the environment names. Behind `npx nx serve APP`.
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import {
  APP_NAMES,
  APPS_DIRECTORY,
  bundleOf,
  type FunctionName,
  isAppName,
  isServiceName,
  type ServiceName,
} from './apps.ts';
import { onStopSignals } from './command/stop-signals.ts';
import { describeError } from './describe-error.ts';
import { completeEnvironment } from './serve-app/app-environment.ts';
import { serveApi } from './serve-app/serve-api.ts';
import { serveNotifier, serveReconciler } from './serve-app/serve-trigger.ts';
import type { Served } from './serve-app/served.ts';

/** A service brings its own signals and exit code, so it simply runs in this process. */
async function runService(app: ServiceName): Promise<void> {
  // The stack's own worker has the id that the file names.
  if (app === 'gpu-worker') process.env.WORKER_ID ??= `serve-${process.pid}`;
  completeEnvironment(app);
  const bundle = bundleOf(app, APPS_DIRECTORY);
  if (!existsSync(bundle)) throw new Error(`${bundle} is missing; build it with: npx nx build ${app}`);
  console.log(`${app} ${process.env.WORKER_ID ?? `on port ${process.env.PORT}`} starts`);
  await import(pathToFileURL(bundle).href);
}

function serve(app: FunctionName): Promise<Served> {
  if (app === 'result-notifier') return serveNotifier();
  return app === 'job-reconciler' ? serveReconciler() : serveApi(app);
}

async function main(name: string | undefined): Promise<void> {
  if (name === undefined || !isAppName(name)) throw new Error(`usage: serve.ts ${APP_NAMES.join(' | ')}`);
  if (isServiceName(name)) return runService(name);
  const { stopped } = onStopSignals(() => process.exit(1));
  const served = await serve(name);
  console.log(`${served.description}\nCtrl-C stops it.`);
  await stopped;
  await served.stop();
  process.exit(0);
}

main(process.argv[2]).catch((error: unknown) => {
  console.error(describeError(error));
  process.exit(1);
});
