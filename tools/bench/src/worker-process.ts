import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

const BUNDLE = fileURLToPath(new URL('../../../dist/apps/gpu-worker/main.mjs', import.meta.url));
const startSchema = z.object({ message: z.literal('worker starts') });

/** `VmHWM` is the most memory that the process ever had, `VmRSS` what it has now; Linux alone tells them. */
function memoryMb(pid: number, field: 'VmHWM' | 'VmRSS'): number {
  const kilobytes = new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kilobytes) / 1024);
}

/** The worker's bundle as a process. What it says on stderr is passed on. */
export async function startWorker(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [BUNDLE], { env: { ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const failures: string[] = [];
  const started = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      if (line.includes('"attempt ended"')) failures.push(line);
      if (startSchema.safeParse(JSON.parse(line)).success) resolve();
    });
  });
  await Promise.race([started, exited.then(() => Promise.reject(new Error('the worker ended at its start')))]);
  const { pid = 0 } = child;
  return {
    /** Log lines of attempts that did not succeed. */
    failures,
    rssMb: () => memoryMb(pid, 'VmRSS'),
    peakRssMb: () => memoryMb(pid, 'VmHWM'),
    async stop(): Promise<void> {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
