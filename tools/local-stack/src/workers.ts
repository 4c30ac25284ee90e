import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gpuWorkerEnv, loadConfig } from '@afterimage/app-config';
import type { Variables } from './app-environments.ts';
import { bundleOf } from './apps.ts';
import type { WorkerHandle } from './options.ts';
import { LOOPBACK } from './emulators/loopback.ts';
import { superviseService } from './processes/service.ts';

export interface WorkersOptions {
  readonly count: number;
  readonly pool: string;
  readonly appsDirectory: string;
  /** The worker's own variables. */
  readonly env: Variables;
  /** See `LocalStackOptions.workerEnv`. */
  readonly workerEnv?: ((number: number) => Variables) | undefined;
  /** Variables beside them. */
  readonly host: Variables;
  readonly logDirectory: string;
  report(message: string): void;
}

export interface Workers {
  readonly handles: readonly WorkerHandle[];
  /** Resolves when a worker was given up. */
  readonly failed: Promise<Error>;
  /** @throws Error when one cannot be started */
  whenReady(): Promise<void>;
  stop(): Promise<void>;
}

/** Time beyond the worker's own drain until it is killed. */
const GRACE_BEYOND_DRAIN_MS = 5000;

/** Starts the workers, `<pool>-1` and so on. @throws Error when the worker is not built */
export function startWorkers(options: WorkersOptions): Workers {
  const file = bundleOf('gpu-worker', options.appsDirectory);
  if (options.count > 0 && !existsSync(file)) {
    throw new Error(`${file} is missing; build it with: npx nx build gpu-worker`);
  }
  const drainMs = loadConfig(gpuWorkerEnv, options.env).DRAIN_SECONDS * 1000;
  const workers = Array.from({ length: options.count }, (_, index) => {
    const id = `${options.pool}-${index + 1}`;
    const own = { ...options.workerEnv?.(index + 1), WORKER_ID: id, HEALTH_HOST: LOOPBACK };
    const env = { ...options.host, ...options.env, ...own };
    const supervised = superviseService({
      name: `worker ${id}`,
      file,
      env: (healthPort) => ({ ...env, HEALTH_PORT: String(healthPort) }),
      readyPath: '/ready',
      logFile: join(options.logDirectory, `gpu-worker-${index + 1}.log`),
      graceMs: drainMs + GRACE_BEYOND_DRAIN_MS,
      report: options.report,
    });
    return { id, supervised };
  });
  return {
    handles: workers.map(({ id, supervised }) => ({
      id,
      get pid() {
        return supervised.pid;
      },
      kill: supervised.kill,
      whenReady: supervised.whenReady,
      stop: supervised.stop,
    })),
    failed: Promise.race(workers.map(({ supervised }) => supervised.failed)),
    whenReady: async () => {
      await Promise.all(workers.map(({ supervised }) => supervised.whenReady()));
    },
    stop: async () => {
      await Promise.all(workers.map(({ supervised }) => supervised.stop()));
    },
  };
}
