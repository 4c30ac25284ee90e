import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Variables } from '../app-environments.ts';
import { LOOPBACK } from '../emulators/loopback.ts';
import { describeExit, startChild, type Child } from './child.ts';
import { findFreePort } from './free-port.ts';
import { supervise, type Supervised } from './supervise.ts';

export interface ServiceOptions {
  /** As it is told of: `worker local-1`. */
  readonly name: string;
  /** Path of the built service. */
  readonly file: string;
  /** The service's variables, with the port that it is to listen on. */
  readonly env: (port: number) => Variables;
  /** A free one with each start, when left out. */
  readonly port?: number;
  /** Answers 200 once the service is ready. */
  readonly readyPath: string;
  readonly logFile: string;
  /** Time from SIGTERM until SIGKILL; longer than what the service takes to stop. */
  readonly graceMs: number;
  report(message: string): void;
}

const START_TIMEOUT_MS = 30_000;
const PROBE_TIMEOUT_MS = 1000;
const PROBE_INTERVAL_MS = 50;
const BACK_OFF_MS = 250;
const EXIT_WITH_PARENT = fileURLToPath(new URL('exit-with-parent.ts', import.meta.url));

async function isReady(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const timeout = AbortSignal.any([signal, AbortSignal.timeout(PROBE_TIMEOUT_MS)]);
    const response = await fetch(url, { signal: timeout });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

async function waitUntilReady(url: string, signal: AbortSignal): Promise<void> {
  while (!(await isReady(url, signal))) await pause(PROBE_INTERVAL_MS, undefined, { signal });
}

async function startService(options: ServiceOptions, stopped: AbortSignal): Promise<Child> {
  const { file, env, readyPath, logFile, graceMs } = options;
  const port = options.port ?? (await findFreePort());
  const child = startChild({
    file,
    execArgv: ['--import', EXIT_WITH_PARENT],
    env: env(port),
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
    await Promise.race([waitUntilReady(`http://${LOOPBACK}:${port}${readyPath}`, signal), ended, late]);
    return child;
  } catch (error) {
    await child.stop();
    throw error;
  } finally {
    waiting.abort();
  }
}

/** Keeps one service running in a process of its own. */
export function superviseService(options: ServiceOptions): Supervised {
  return supervise({
    name: options.name,
    start: (signal) => startService(options, signal),
    report: options.report,
    backOffMs: BACK_OFF_MS,
  });
}
