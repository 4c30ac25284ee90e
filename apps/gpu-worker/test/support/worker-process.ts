import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { deferred } from '@afterimage/testing';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface WorkerProcess {
  readonly child: ChildProcess;
  /** The exit code; null after a signal that it could not handle. */
  readonly exited: Promise<number | null>;
  /** Every line of its log so far. */
  readonly lines: readonly Record<string, unknown>[];
  readonly stderr: () => string;
  /** What `GET path` of its health server answers. */
  get(
    path: '/live' | '/ready' | '/startup' | '/engine' | '/metrics' | '/status',
  ): Promise<{ status: number; body: Record<string, unknown> }>;
  kill(signal: NodeJS.Signals): void;
}

function asRecord(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line);
  } catch {
    return { line };
  }
}

/** Starts the worker from its sources, as a process of its own, with nothing but the given environment. */
export function startWorkerProcess(
  env: Readonly<Record<string, string>>,
  nodeOptions: readonly string[] = [],
): WorkerProcess {
  const child = spawn(process.execPath, [...nodeOptions, MAIN], { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: Record<string, unknown>[] = [];
  const port = deferred<number>();
  let stderr = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    const record = asRecord(line);
    lines.push(record);
    if (record.message === 'worker starts') port.resolve(Number(record.healthPort));
  });
  child.stderr.on('data', (data) => {
    stderr += String(data);
  });
  const exited = once(child, 'close').then(([code]) => (code === null ? null : Number(code)));
  return {
    child,
    exited,
    lines,
    stderr: () => stderr,
    async get(path) {
      const response = await fetch(`http://127.0.0.1:${await port.promise}${path}`);
      return { status: response.status, body: asRecord(await response.text()) };
    },
    kill: (signal) => void child.kill(signal),
  };
}
