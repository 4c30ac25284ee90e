import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Variables } from '../app-environments.ts';
import { LOOPBACK } from '../emulators/loopback.ts';
import { describeExit, startChild, type Child } from './child.ts';
import { findFreePort } from './free-port.ts';
import { supervise, type Supervised } from './supervise.ts';

export interface WorkerOptions {
  /** Path of the built worker. */
  readonly file: string;
  /** The worker's variables without its id and its health port. */
  readonly env: Variables;
  readonly id: string;
  readonly logFile: string;
  /** Time from SIGTERM until SIGKILL; longer than the worker's own time to drain. */
  readonly graceMs: number;
  report(message: string): void;
}

const READY_PATH = '/ready';
const START_TIMEOUT_MS = 30_000;
const PROBE_TIMEOUT_MS = 1000;
const PROBE_INTERVAL_MS = 50;
const BACK_OFF_MS = 250;
const EXIT_WITH_PARENT = fileURLToPath(new URL('exit-with-parent.ts', import.meta.url));

async function isReady(port: number, signal: AbortSignal): Promise<boolean> {
  try {
    const timeout = AbortSignal.any([signal, AbortSignal.timeout(PROBE_TIMEOUT_MS)]);
    const response = await fetch(`http://${LOOPBACK}:${port}${READY_PATH}`, { signal: timeout });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

async function waitUntilReady(port: number, signal: AbortSignal): Promise<void> {
  while (!(await isReady(port, signal))) await pause(PROBE_INTERVAL_MS, undefined, { signal });
}

async function startWorker({ file, env, id, logFile, graceMs }: WorkerOptions, stopped: AbortSignal): Promise<Child> {
  const port = await findFreePort();
  const child = startChild({
    file,
    execArgv: ['--import', EXIT_WITH_PARENT],
    env: { ...env, WORKER_ID: id, HEALTH_HOST: LOOPBACK, HEALTH_PORT: String(port) },
    logFile,
    graceMs,
  });
  const waiting = new AbortController();
  const signal = AbortSignal.any([waiting.signal, stopped]);
  const ended = child.exited.then((exit) => {
    throw new Error(`it ${describeExit(exit)}; see ${logFile}`);
  });
  const late = pause(START_TIMEOUT_MS, undefined, { signal }).then(() => {
    throw new Error(`it was not ready within ${START_TIMEOUT_MS / 1000} s; see ${logFile}`);
  });
  try {
    await Promise.race([waitUntilReady(port, signal), ended, late]);
    return child;
  } catch (error) {
    await child.stop();
    throw error;
  } finally {
    waiting.abort();
  }
}

/** Keeps one worker running in a process of its own. */
export function superviseWorker(options: WorkerOptions): Supervised {
  return supervise({
    name: `worker ${options.id}`,
    start: (signal) => startWorker(options, signal),
    report: options.report,
    backOffMs: BACK_OFF_MS,
  });
}
