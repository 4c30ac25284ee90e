import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Variables } from './app-environments.ts';
import { bundleOf } from './apps.ts';
import { LOOPBACK } from './emulators/loopback.ts';
import { findFreePort } from './processes/free-port.ts';
import { superviseService } from './processes/service.ts';

export interface ConsoleOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly appsDirectory: string;
  readonly env: Variables;
  /** Variables beside them. */
  readonly host: Variables;
  readonly logDirectory: string;
  report(message: string): void;
}

/** The operators' console as a process of the stack. */
export interface Console {
  readonly url: string;
  readonly pid: number | undefined;
  /** Resolves when it was given up. */
  readonly failed: Promise<Error>;
  /** @throws Error when it cannot be started */
  whenReady(): Promise<void>;
  stop(): Promise<void>;
}

const GRACE_MS = 3000;

/** Starts the console. @throws Error when it is not built */
export async function startConsole(options: ConsoleOptions): Promise<Console> {
  const file = bundleOf('ecs-fargate-admin', options.appsDirectory);
  if (!existsSync(file)) throw new Error(`${file} is missing; build it with: npx nx build ecs-fargate-admin`);
  const port = options.port === 0 ? await findFreePort() : options.port;
  const env = { ...options.host, ...options.env, HOST: LOOPBACK, PORT: String(port) };
  const supervised = superviseService({
    name: 'the console',
    file,
    env: () => env,
    port,
    readyPath: '/health',
    logFile: join(options.logDirectory, 'ecs-fargate-admin.log'),
    graceMs: GRACE_MS,
    report: options.report,
  });
  return {
    url: `http://${LOOPBACK}:${port}`,
    get pid() {
      return supervised.pid;
    },
    failed: supervised.failed,
    whenReady: supervised.whenReady,
    stop: supervised.stop,
  };
}
