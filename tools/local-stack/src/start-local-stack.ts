import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsePools } from '@afterimage/app-config';
import { createSqsClient } from '@afterimage/job-aws';
import { AUTHORIZER_CACHE_MS, INTEGRATION_TIMEOUT_MS, makeApi } from './api.ts';
import { appEnvironments, type AppOverrides } from './app-environments.ts';
import { APPS_DIRECTORY, POOLS_FILE, WORKSPACE_ROOT } from './apps.ts';
import { clientOptions, endpointsOf } from './aws.ts';
import { startDiskEmulators } from './emulators/disk.ts';
import type { Emulators } from './emulators/emulators.ts';
import { startMemoryEmulators } from './emulators/memory.ts';
import { openFunctions } from './functions.ts';
import { openGateway } from './gateway/gateway.ts';
import { refuseSecondStack } from './second-stack.ts';
import { loadSecrets, localPaths, writeEnvFiles, writeLocalFile, type LocalPaths } from './local-files.ts';
import type { LocalStack, LocalStackOptions } from './options.ts';
import { hostVariables } from './processes/host-variables.ts';
import { LOCAL_TENANT } from './provision/identity.ts';
import { provision } from './provision/provision.ts';
import { makeTeardown, type Teardown } from './teardown.ts';
import { startSchedule } from './triggers/schedule.ts';
import { startSqsTrigger } from './triggers/sqs-trigger.ts';
import { startWorkers } from './workers.ts';

/** Name of the variable that sets the API's port. */
export const PORT_VARIABLE = 'AFTERIMAGE_PORT';
export const DEFAULT_PORT = 4000;

const RECONCILE_INTERVAL_MS = 5000;
const NOTIFIER_BATCH_SIZE = 10;
const NOTIFIER_CONCURRENCY = 4;
/** Requests and invocations under way at `stop` may take this long. */
const STOP_GRACE_MS = 3000;

function openDirectory(options: LocalStackOptions, teardown: Teardown): LocalPaths {
  if (options.persistence !== 'memory' || options.directory !== undefined) {
    return localPaths(options.directory ?? join(WORKSPACE_ROOT, '.afterimage'));
  }
  const directory = mkdtempSync(join(tmpdir(), 'afterimage-'));
  teardown.add(async () => rmSync(directory, { recursive: true, force: true }));
  return localPaths(directory);
}

/** Clears what earlier starts left and this one makes anew. */
function prepareDirectory(paths: LocalPaths, isFresh: boolean): void {
  rmSync(paths.logs, { recursive: true, force: true });
  if (isFresh) rmSync(paths.state, { recursive: true, force: true });
  for (const folder of [paths.logs, paths.outputs]) mkdirSync(folder, { recursive: true });
}

async function startEmulators(options: LocalStackOptions, paths: LocalPaths): Promise<Emulators> {
  if (options.persistence === 'memory') return startMemoryEmulators();
  const env = hostVariables(process.env);
  return startDiskEmulators({ stateDirectory: paths.state, logDirectory: paths.logs, env });
}

function overridesOf({ env = {}, sketchMsPerStep }: LocalStackOptions): AppOverrides {
  if (sketchMsPerStep === undefined) return env;
  return { ...env, 'gpu-worker': { SKETCH_MS_PER_STEP: String(sketchMsPerStep), ...env['gpu-worker'] } };
}

/** Waits for work to end, but not for long. */
function briefly(work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, STOP_GRACE_MS);
  void work.finally(() => {
    clearTimeout(timer);
    resolve();
  });
  return promise;
}

async function start(options: LocalStackOptions, teardown: Teardown): Promise<Omit<LocalStack, 'stop'>> {
  const report = options.report ?? (() => {});
  const poolsFile = options.poolsFile ?? POOLS_FILE;
  const pools = parsePools(readFileSync(poolsFile, 'utf8'), poolsFile);
  const [workerPool] = pools.pools;
  if (workerPool === undefined) throw new Error(`${poolsFile} names no pool`);
  const paths = openDirectory(options, teardown);
  const { apiKey, cursorSecret } = loadSecrets(paths);
  const gateway = await openGateway(
    options.port ?? (options.persistence === 'memory' ? 0 : DEFAULT_PORT),
    PORT_VARIABLE,
  );
  teardown.add(() => gateway.stop(STOP_GRACE_MS));
  await refuseSecondStack(paths, gateway.url);
  prepareDirectory(paths, options.isFresh ?? false);
  const emulators = await startEmulators(options, paths);
  teardown.add(emulators.stop);
  const endpoints = endpointsOf(emulators);
  const resources = await provision(endpoints, pools, apiKey);
  const overrides = overridesOf(options);
  const apiUrl = gateway.url;
  const environments = appEnvironments({
    apiUrl,
    endpoints,
    resources,
    poolsFile,
    workerPool,
    cursorSecret,
    overrides,
  });

  const host = hostVariables(process.env);
  const logDirectory = paths.logs;
  const appsDirectory = options.appsDirectory ?? APPS_DIRECTORY;
  const workers = startWorkers({
    count: options.workers ?? 1,
    pool: workerPool.name,
    appsDirectory,
    env: environments['gpu-worker'],
    host,
    logDirectory,
    report,
  });
  teardown.add(workers.stop);
  const functions = await openFunctions({ appsDirectory, environments, logDirectory, host });
  teardown.add(async () => {
    await Promise.all(Object.values(functions).map((each) => each.stop()));
  });
  await workers.whenReady();

  const sqs = createSqsClient(clientOptions(endpoints.sqs));
  const trigger = startSqsTrigger({
    sqs,
    queueUrl: resources.notifications.url,
    queueArn: resources.notifications.arn,
    batchSize: NOTIFIER_BATCH_SIZE,
    maxConcurrency: NOTIFIER_CONCURRENCY,
    invoke: (event) => functions['result-notifier'].invoke(event),
    report,
  });
  const reconciler = startSchedule({
    name: 'job-reconciler',
    intervalMs: options.reconcileIntervalMs ?? RECONCILE_INTERVAL_MS,
    isPaused: options.isReconcilerPaused ?? false,
    invoke: (event) => functions['job-reconciler'].invoke(event),
  });
  gateway.serve(
    makeApi({
      functions,
      authorizerCacheMs: options.authorizerCacheMs ?? AUTHORIZER_CACHE_MS,
      integrationTimeoutMs: options.integrationTimeoutMs ?? INTEGRATION_TIMEOUT_MS,
    }),
  );
  teardown.add(async () => {
    await Promise.all([gateway.stop(STOP_GRACE_MS), briefly(Promise.all([trigger.stop(), reconciler.stop()]))]);
    sqs.destroy();
  });

  const envFiles = writeEnvFiles(paths, environments);
  const tenantId = LOCAL_TENANT;
  writeLocalFile(paths, {
    apiUrl,
    apiKey,
    tenantId,
    awsEndpoints: endpoints,
    cursorSecret,
    envFiles,
    logs: paths.logs,
  });
  return {
    apiUrl,
    apiKey,
    tenantId,
    awsEndpoints: endpoints,
    resources,
    workers: workers.handles,
    get pids() {
      return [...emulators.pids, ...workers.handles.flatMap(({ pid }) => pid ?? [])];
    },
    directory: paths.directory,
    logs: paths.logs,
    outputs: paths.outputs,
    reconciler,
    invokeReconciler: reconciler.runNow,
    invoke: (name, event) => functions[name].invoke(event),
    failed: Promise.race([emulators.failed, workers.failed]),
  };
}

/**
 * Starts the whole system on this machine: the embedded AWS, the API on the built functions, their triggers and the
 * workers. When it cannot be started, nothing is left running.
 * @throws PortTakenError when the API's port is in use
 * @throws Error that names what is missing or wrong
 */
export async function startLocalStack(options: LocalStackOptions = {}): Promise<LocalStack> {
  const teardown = makeTeardown();
  try {
    const stack = await start(options, teardown);
    let stopped: Promise<void> | undefined;
    return Object.assign(stack, { stop: () => (stopped ??= teardown.run()) });
  } catch (error) {
    await teardown.run();
    throw error;
  }
}
