import { readFileSync } from 'node:fs';
import { parsePools } from '@afterimage/app-config';
import { AUTHORIZER_CACHE_MS, INTEGRATION_TIMEOUT_MS, makeApi } from './api.ts';
import { appEnvironments, type AppOverrides, type Variables } from './app-environments.ts';
import { APP_NAMES, APPS_DIRECTORY, POOLS_FILE, type AppName, type FunctionName } from './apps.ts';
import { endpointsOf, type AwsEndpoints } from './aws.ts';
import { type Console, startConsole } from './console.ts';
import { startDiskEmulators } from './emulators/disk.ts';
import type { Emulators } from './emulators/emulators.ts';
import { startMemoryEmulators } from './emulators/memory.ts';
import { openFunctions } from './functions.ts';
import { openGateway, type Gateway } from './gateway/gateway.ts';
import type { LambdaFunction } from './lambda/lambda-function.ts';
import { loadSecrets, writeEnvFiles, writeLocalFile, type LocalPaths, type Secrets } from './local-files.ts';
import type { LocalStack, LocalStackOptions } from './options.ts';
import { hostVariables } from './processes/host-variables.ts';
import { LOCAL_TENANT } from './provision/identity.ts';
import { provision, type Resources } from './provision/provision.ts';
import { openDirectory, takeDirectory } from './stack-directory.ts';
import { makeTeardown, type Teardown } from './teardown.ts';
import { openTraceReceiver, type TraceReceiver } from './traces/trace-receiver.ts';
import { tracedGateway } from './traces/traced-gateway.ts';
import { startTriggers } from './triggers/triggers.ts';
import { startWorkers, type Workers } from './workers.ts';

/** Name of the variable that sets the API's port. */
export const PORT_VARIABLE = 'AFTERIMAGE_PORT';
export const DEFAULT_PORT = 4000;
/** The same of the console. */
export const CONSOLE_PORT_VARIABLE = 'AFTERIMAGE_CONSOLE_PORT';
export const DEFAULT_CONSOLE_PORT = 4001;

const RECONCILE_INTERVAL_MS = 5000;
/** Requests and invocations under way at `stop` may take this long. */
const STOP_GRACE_MS = 3000;

async function startEmulators(options: LocalStackOptions, paths: LocalPaths): Promise<Emulators> {
  if (options.persistence === 'memory') return startMemoryEmulators();
  const env = hostVariables(process.env);
  return startDiskEmulators({ stateDirectory: paths.state, logDirectory: paths.logs, env });
}

/** None unless they are kept, so that tests and benchmarks do not pay for them. */
async function openTraces(options: LocalStackOptions, paths: LocalPaths): Promise<TraceReceiver | undefined> {
  const isOnDisk = options.persistence !== 'memory';
  if (!(options.traces ?? isOnDisk)) return undefined;
  return openTraceReceiver(isOnDisk ? paths.traces : undefined);
}

function overridesOf({ env = {}, sketchMsPerStep }: LocalStackOptions): AppOverrides {
  if (sketchMsPerStep === undefined) return env;
  return { ...env, 'gpu-worker': { SKETCH_MS_PER_STEP: String(sketchMsPerStep), ...env['gpu-worker'] } };
}

function mergeOverrides(base: AppOverrides, over: AppOverrides): AppOverrides {
  return Object.fromEntries(APP_NAMES.map((app) => [app, { ...base[app], ...over[app] }]));
}

interface Foundation {
  readonly gateway: Gateway;
  readonly traces: TraceReceiver | undefined;
  readonly emulators: Emulators;
  readonly endpoints: AwsEndpoints;
  readonly paths: LocalPaths;
  readonly secrets: Secrets;
  readonly resources: Resources;
  readonly pool: string;
  readonly environments: Readonly<Record<AppName, Variables>>;
}

/** Everything that the apps stand on: the API's port, the embedded AWS, what is in it, and the apps' environments. */
async function layFoundation(options: LocalStackOptions, teardown: Teardown): Promise<Foundation> {
  const poolsFile = options.poolsFile ?? POOLS_FILE;
  const pools = parsePools(readFileSync(poolsFile, 'utf8'), poolsFile);
  const [workerPool] = pools.pools;
  if (workerPool === undefined) throw new Error(`${poolsFile} names no pool`);
  const paths = openDirectory(options, teardown);
  const secrets = loadSecrets(paths);
  const defaultPort = options.persistence === 'memory' ? 0 : DEFAULT_PORT;
  const gateway = await openGateway(options.port ?? defaultPort, PORT_VARIABLE);
  teardown.add(() => gateway.stop(STOP_GRACE_MS));
  await takeDirectory(paths, gateway.url, options.isFresh ?? false);
  const traces = await openTraces(options, paths);
  if (traces !== undefined) teardown.add(traces.stop);
  const emulators = await startEmulators(options, paths);
  teardown.add(emulators.stop);
  const endpoints = endpointsOf(emulators);
  const resources = await provision(endpoints, pools, secrets.apiKey);
  const interposed = (await options.interpose?.(endpoints)) ?? {};
  const environments = appEnvironments({
    apiUrl: gateway.url,
    tracesUrl: traces?.url,
    endpoints,
    resources,
    poolsFile,
    appsDirectory: options.appsDirectory ?? APPS_DIRECTORY,
    workerPool,
    cursorSecret: secrets.cursorSecret,
    webhookSecretKeys: secrets.webhookSecretKeys,
    overrides: mergeOverrides(overridesOf(options), interposed),
  });
  return { gateway, traces, emulators, endpoints, paths, secrets, resources, pool: workerPool.name, environments };
}

interface Apps {
  readonly console: Console | undefined;
  readonly workers: Workers;
  readonly functions: Readonly<Record<FunctionName, LambdaFunction>>;
}

async function startApps(options: LocalStackOptions, foundation: Foundation, teardown: Teardown): Promise<Apps> {
  const { environments, paths, pool, traces } = foundation;
  const common = {
    appsDirectory: options.appsDirectory ?? APPS_DIRECTORY,
    host: hostVariables(process.env),
    logDirectory: paths.logs,
  };
  const report = options.report ?? (() => {});
  const workers = startWorkers({
    ...common,
    count: options.workers ?? 1,
    pool,
    env: environments['gpu-worker'],
    workerEnv: options.workerEnv,
    report,
  });
  teardown.add(workers.stop);
  const functions = await openFunctions({ ...common, environments, traces });
  teardown.add(async () => {
    await Promise.all(Object.values(functions).map((each) => each.stop()));
  });
  const { consolePort: port } = options;
  const env = environments['ecs-fargate-admin'];
  const console = port === undefined ? undefined : await startConsole({ ...common, port, env, report });
  if (console !== undefined) teardown.add(console.stop);
  await Promise.all([workers.whenReady(), console?.whenReady()]);
  return { console, workers, functions };
}

async function start(options: LocalStackOptions, teardown: Teardown): Promise<Omit<LocalStack, 'stop'>> {
  const foundation = await layFoundation(options, teardown);
  const { gateway, traces, emulators, endpoints, paths, secrets, resources } = foundation;
  const { console, workers, functions } = await startApps(options, foundation, teardown);
  const triggers = startTriggers({
    endpoints,
    notifications: resources.notifications,
    functions,
    reconcileIntervalMs: options.reconcileIntervalMs ?? RECONCILE_INTERVAL_MS,
    isReconcilerPaused: options.isReconcilerPaused ?? false,
    report: options.report ?? (() => {}),
  });
  gateway.serve(
    makeApi({
      functions,
      trace: traces && tracedGateway(traces.add),
      authorizerCacheMs: options.authorizerCacheMs ?? AUTHORIZER_CACHE_MS,
      integrationTimeoutMs: options.integrationTimeoutMs ?? INTEGRATION_TIMEOUT_MS,
    }),
  );
  teardown.add(async () => {
    await Promise.all([gateway.stop(STOP_GRACE_MS), triggers.stop(STOP_GRACE_MS)]);
  });
  const access = { apiUrl: gateway.url, apiKey: secrets.apiKey, tenantId: LOCAL_TENANT, awsEndpoints: endpoints };
  const envFiles = writeEnvFiles(paths, foundation.environments);
  const { cursorSecret, webhookSecretKeys } = secrets;
  const consoleUrl = console?.url ?? null;
  writeLocalFile(paths, { ...access, consoleUrl, cursorSecret, webhookSecretKeys, envFiles, logs: paths.logs });
  return {
    ...access,
    consoleUrl,
    resources,
    workers: workers.handles,
    get pids() {
      return [
        ...emulators.pids,
        ...workers.handles.flatMap(({ pid }) => pid ?? []),
        ...(console?.pid === undefined ? [] : [console.pid]),
      ];
    },
    directory: paths.directory,
    logs: paths.logs,
    outputs: paths.outputs,
    traces: traces ?? null,
    reconciler: triggers.reconciler,
    invokeReconciler: triggers.reconciler.runNow,
    invoke: (name, event) => functions[name].invoke(event),
    failed: Promise.race([emulators.failed, workers.failed, ...(console === undefined ? [] : [console.failed])]),
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
