import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  apiAuthorizerEnv,
  ecsFargateAdminEnv,
  gpuWorkerEnv,
  jobReconcilerEnv,
  resultNotifierEnv,
  statusApiEnv,
  submitApiEnv,
  waitApiEnv,
  webhookApiEnv,
} from '@afterimage/app-config';

export const WORKSPACE_ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Where Nx puts the built apps. */
export const APPS_DIRECTORY = join(WORKSPACE_ROOT, 'dist', 'apps');

export const POOLS_FILE = fileURLToPath(new URL('../pools.json', import.meta.url));

export interface FunctionSettings {
  readonly timeoutMs: number;
  readonly memoryMb: number;
  /** Invocations at a time; 64 unless said. */
  readonly maxConcurrency?: number;
}

/** The Lambda functions. Those of the API may run a little longer than API Gateway waits for them. */
export const FUNCTIONS = {
  'api-authorizer': { timeoutMs: 5000, memoryMb: 256 },
  'submit-api': { timeoutMs: 30_000, memoryMb: 512 },
  'status-api': { timeoutMs: 30_000, memoryMb: 512 },
  'webhook-api': { timeoutMs: 30_000, memoryMb: 512 },
  // Longer than a stream, and room for those who wait.
  'wait-api': { timeoutMs: 900_000, memoryMb: 256, maxConcurrency: 512 },
  'result-notifier': { timeoutMs: 30_000, memoryMb: 512 },
  'job-reconciler': { timeoutMs: 50_000, memoryMb: 512 },
} as const satisfies Record<string, FunctionSettings>;

export type FunctionName = keyof typeof FUNCTIONS;
/** The containers. */
const SERVICE_NAMES = ['gpu-worker', 'ecs-fargate-admin'] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

export type AppName = FunctionName | ServiceName;

export const FUNCTION_NAMES = Object.keys(FUNCTIONS) as FunctionName[];
export const APP_NAMES: readonly AppName[] = [...FUNCTION_NAMES, ...SERVICE_NAMES];

/** The schema of each app's environment. */
export const APP_ENV_SCHEMAS = {
  'api-authorizer': apiAuthorizerEnv,
  'submit-api': submitApiEnv,
  'status-api': statusApiEnv,
  'webhook-api': webhookApiEnv,
  'wait-api': waitApiEnv,
  'result-notifier': resultNotifierEnv,
  'job-reconciler': jobReconcilerEnv,
  'gpu-worker': gpuWorkerEnv,
  'ecs-fargate-admin': ecsFargateAdminEnv,
} as const;

export function isAppName(name: string): name is AppName {
  return name in APP_ENV_SCHEMAS;
}

export function isServiceName(name: AppName): name is ServiceName {
  return SERVICE_NAMES.some((service) => service === name);
}

/** The built page of the console. */
export function pageDirectory(appsDirectory: string): string {
  return join(appsDirectory, 'ecs-fargate-admin-web');
}

/** The built file of an app. */
export function bundleOf(app: AppName, appsDirectory: string): string {
  return join(appsDirectory, app, isServiceName(app) ? 'main.mjs' : 'handler.cjs');
}
