import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { percentile } from '../percentile.ts';

const PROCESS = fileURLToPath(new URL('warm-process.ts', import.meta.url));
const measuredSchema = z.object({ times: z.array(z.number()), bareTimes: z.array(z.number()), calls: z.int() });

export interface WarmOptions {
  readonly bundle: string;
  readonly bare: string;
  readonly event: unknown;
  readonly isStreaming: boolean;
  readonly makesJobs: boolean;
  readonly runs: number;
}

export interface Warm {
  /** Calls of AWS in one invocation. */
  readonly calls: number;
  readonly msP50: number;
  readonly msP99: number;
  readonly bareMsP50: number;
  readonly bareMsP99: number;
}

/** Milliseconds of warm invocations. @throws Error when an invocation fails */
export async function warmInvocations(options: WarmOptions, env: Readonly<Record<string, string>>): Promise<Warm> {
  // Metrics of every request go to stdout.
  const child = fork(PROCESS, [JSON.stringify(options)], {
    env: { ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const measured = once(child, 'message').then(([message]) => measuredSchema.parse(message));
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the process of ${options.bundle} ended with ${String(code)} before it had measured anything`);
  });
  const { times, bareTimes, calls } = await Promise.race([measured, ended]);
  ended.catch(() => undefined);
  return {
    calls,
    msP50: percentile(times, 50),
    msP99: percentile(times, 99),
    bareMsP50: percentile(bareTimes, 50),
    bareMsP99: percentile(bareTimes, 99),
  };
}
