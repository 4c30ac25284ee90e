import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeExit, startChild, type Child } from '../processes/child.ts';
import { emulatorMessage } from './emulator-host.ts';
import { LOOPBACK } from './loopback.ts';
import type { Emulators } from './emulators.ts';

export interface DiskEmulatorsOptions {
  /** Holds everything that must survive a restart. */
  readonly stateDirectory: string;
  readonly logDirectory: string;
  /** Environment of the emulators' processes. */
  readonly env: Readonly<Record<string, string>>;
}

const START_TIMEOUT_MS = 30_000;
const GRACE_MS = 10_000;

interface EmulatorProcess {
  readonly url: string;
  readonly child: Child;
  readonly failed: Promise<Error>;
}

async function startEmulator(name: 'dynalite' | 'fauxqs', options: DiskEmulatorsOptions): Promise<EmulatorProcess> {
  const folder = join(options.stateDirectory, name);
  mkdirSync(folder, { recursive: true });
  const logFile = join(options.logDirectory, `${name}.log`);
  const file = fileURLToPath(new URL(`${name}-process.ts`, import.meta.url));
  const child = startChild({ file, args: [folder], env: options.env, logFile, graceMs: GRACE_MS });
  const { promise: port, resolve, reject } = Promise.withResolvers<number>();
  child.onMessage((raw) => {
    const message = emulatorMessage.parse(raw);
    if (message.type === 'listening') resolve(message.port);
    else reject(new Error(`the emulator ${name} cannot start: ${message.message}`));
  });
  const ended = child.exited.then((exit) => new Error(`the emulator ${name} ${describeExit(exit)}; see ${logFile}`));
  const late = setTimeout(() => reject(new Error(`the emulator ${name} did not start in time`)), START_TIMEOUT_MS);
  try {
    const url = `http://${LOOPBACK}:${await Promise.race([port, ended.then((error) => Promise.reject(error))])}`;
    const failed = ended.then((error) => (child.isStopping ? new Promise<never>(() => {}) : error));
    return { url, child, failed };
  } catch (error) {
    await child.stop();
    throw error;
  } finally {
    clearTimeout(late);
  }
}

/** The emulators in processes of their own, with their state on disk. */
export async function startDiskEmulators(options: DiskEmulatorsOptions): Promise<Emulators> {
  mkdirSync(options.logDirectory, { recursive: true });
  const [dynalite, fauxqs] = await Promise.allSettled([
    startEmulator('dynalite', options),
    startEmulator('fauxqs', options),
  ]);
  const started = [dynalite, fauxqs].flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async () => {
    await Promise.all(started.map(({ child }) => child.stop()));
  };
  if (dynalite.status === 'rejected' || fauxqs.status === 'rejected') {
    await stop();
    throw dynalite.status === 'rejected' ? dynalite.reason : (fauxqs as PromiseRejectedResult).reason;
  }
  return {
    dynamodb: dynalite.value.url,
    messaging: fauxqs.value.url,
    pids: started.flatMap(({ child }) => child.pid ?? []),
    failed: Promise.race([dynalite.value.failed, fauxqs.value.failed]),
    stop,
  };
}
