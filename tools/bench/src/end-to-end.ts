import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startLocalStack, type LocalStack } from '@afterimage/local-stack';
import { makeJobApi, type JobApi } from './job-api.ts';
import { cpuSeconds, describeMachine } from './machine.ts';
import { parseOptions, type BenchOptions } from './options.ts';
import { makeEndToEnd } from './run-end-to-end.ts';
import { countStoredObjects } from './stored-objects-s3.ts';
import { findFaults, summarize } from './summary.ts';

/** For the look at what is missing, after the time is up. */
const AUTOPSY_TIMEOUT_MS = 10_000;
const MODEL = 'sketch-1';

async function describeMissing(api: JobApi, startedAt: string): Promise<string> {
  const jobs = await api.listAll(startedAt, AbortSignal.timeout(AUTOPSY_TIMEOUT_MS));
  const byStatus = Object.groupBy(jobs, ({ status }) => status);
  return Object.entries(byStatus)
    .map(([status, each]) => `${each.length} ${status}`)
    .join(', ');
}

/** Runs against a stack that is up, and prints the figures; whether all is as it should be. */
async function measure(stack: LocalStack, options: BenchOptions, signal: AbortSignal): Promise<boolean> {
  const api = makeJobApi({ apiUrl: stack.apiUrl, apiKey: stack.apiKey, model: MODEL });
  const endToEnd = makeEndToEnd({
    api,
    countStoredObjects: () => countStoredObjects(stack.awsEndpoints.s3, stack.resources.bucket),
    newIdempotencyKey: randomUUID,
    wallClockMs: Date.now,
    monotonicMs: () => performance.now(),
    sleep: (delayMs, aborted) => sleep(delayMs, undefined, { signal: aborted }),
    report: (line) => console.error(line),
  });
  const startedAt = new Date().toISOString();
  const cpuBefore = cpuSeconds();
  try {
    const measured = await endToEnd(options, signal);
    const cpu = cpuSeconds() - cpuBefore;
    const faults = findFaults(measured);
    const summary = summarize(measured);
    for (const fault of faults) console.error(fault);
    console.log(`machine          ${describeMachine()}`);
    console.log(
      `processor        ${cpu.toFixed(1)} s in the process of emulators, functions and client, without the workers`,
    );
    console.log(`throughput       ${summary.jobsPerSecond} jobs/s`);
    console.log(`submit→accepted  p50 ${summary.acceptedMsP50} ms, p99 ${summary.acceptedMsP99} ms`);
    console.log(`submit→succeeded p50 ${summary.succeededMsP50} ms, p99 ${summary.succeededMsP99} ms`);
    console.log(JSON.stringify(summary));
    return faults.length === 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    console.error(`not done: ${await describeMissing(api, startedAt)}`);
    return false;
  }
}

const options = parseOptions(process.argv.slice(2));
const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort());
process.once('SIGTERM', () => interruption.abort());

const stack = await startLocalStack({
  persistence: 'memory',
  workers: options.workers,
  sketchMsPerStep: 0,
  report: (message) => console.error(message),
});
try {
  const limit = AbortSignal.timeout(options.timeoutSeconds * 1000);
  const isGood = await measure(stack, options, AbortSignal.any([interruption.signal, limit]));
  process.exitCode = isGood ? 0 : 1;
} finally {
  await stack.stop();
}
