// node tools/local-stack/src/serve.ts APP: runs one built app by itself, against the running local stack or any AWS
// endpoint that the environment names. Behind `npx nx serve APP`.
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { APP_NAMES, APPS_DIRECTORY, bundleOf, isAppName, type AppName } from './apps.ts';
import { onStopSignals } from './command/stop-signals.ts';
import { describeError } from './describe-error.ts';
import { completeEnvironment } from './serve-app/app-environment.ts';
import { serveApi } from './serve-app/serve-api.ts';
import { serveNotifier, serveReconciler } from './serve-app/serve-trigger.ts';
import type { Served } from './serve-app/served.ts';

/** The worker brings its own signals and exit code, so it simply runs in this process. */
async function runWorker(): Promise<void> {
  // The stack's own worker has the id that the file names.
  process.env.WORKER_ID ??= `serve-${process.pid}`;
  completeEnvironment('gpu-worker');
  const bundle = bundleOf('gpu-worker', APPS_DIRECTORY);
  if (!existsSync(bundle)) throw new Error(`${bundle} is missing; build it with: npx nx build gpu-worker`);
  console.log(`gpu-worker ${process.env.WORKER_ID} starts`);
  await import(pathToFileURL(bundle).href);
}

function serve(app: Exclude<AppName, 'gpu-worker'>): Promise<Served> {
  if (app === 'result-notifier') return serveNotifier();
  return app === 'job-reconciler' ? serveReconciler() : serveApi(app);
}

async function main(name: string | undefined): Promise<void> {
  if (name === undefined || !isAppName(name)) throw new Error(`usage: serve.ts ${APP_NAMES.join(' | ')}`);
  if (name === 'gpu-worker') return runWorker();
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
