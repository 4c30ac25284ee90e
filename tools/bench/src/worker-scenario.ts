import { setTimeout as sleep } from 'node:timers/promises';
import type { JobRecord } from '@afterimage/job-schemas';
import { startWorker } from './worker-process.ts';
import { busyShare, medianGapMs, startWebui } from './worker-webui.ts';
import { startWorld } from './worker-world.ts';

export interface Scenario {
  readonly name: string;
  readonly jobs: readonly JobRecord[];
  readonly msPerImage: number;
  /** Added to each call of AWS. */
  readonly awsDelayMs: number;
  /** Beside what the world and the engine give. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends the scenario as not done. */
  readonly timeoutMs: number;
}

export interface Measured {
  readonly busy: number;
  /** Between two jobs, in the median. */
  readonly gapMs: number;
  readonly callsPerJob: number;
  readonly calls: ReadonlyMap<string, number>;
  readonly peakRssMb: number;
  /** Megabytes at each quarter of the jobs. */
  readonly rssMb: readonly number[];
}

const LOOK_MS = 250;

/** One worker, one engine, a queue that is full from the start. @throws Error when a job does not succeed at once */
export async function runScenario({ name, jobs, msPerImage, awsDelayMs, env, timeoutMs }: Scenario): Promise<Measured> {
  const world = await startWorld(awsDelayMs);
  const webui = await startWebui(msPerImage);
  for (const job of jobs) await world.submit(job);
  const worker = await startWorker({
    ...world.env,
    WORKER_ID: 'benchmark',
    ENGINE: 'sdwebui',
    ENGINE_URL: webui.url,
    HEALTH_HOST: '127.0.0.1',
    HEALTH_PORT: '0',
    LOG_LEVEL: 'INFO',
    ...env,
  });
  try {
    const rssMb: number[] = [];
    const giveUpAtMs = performance.now() + timeoutMs;
    for (let left = jobs.length; left > 0; left = await world.messages()) {
      if (performance.now() > giveUpAtMs)
        throw new Error(`${name}: ${left} jobs are left; ${worker.failures[0] ?? ''}`);
      if (jobs.length - left >= ((rssMb.length + 1) * jobs.length) / 4) rssMb.push(worker.rssMb());
      await sleep(LOOK_MS);
    }
    rssMb.push(worker.rssMb());
    const calls = world.calls();
    for (const { id } of jobs) {
      const job = await world.job(id);
      if (job?.status !== 'succeeded' || job.attempt !== 1) {
        throw new Error(`${name}: ${id} is ${job?.status} at attempt ${job?.attempt}: ${worker.failures[0] ?? ''}`);
      }
    }
    const total = [...calls.values()].reduce((sum, count) => sum + count, 0);
    // The first generation is the engine's own warm-up.
    const spans = (await webui.spans()).slice(-jobs.length);
    return {
      busy: busyShare(spans),
      gapMs: medianGapMs(spans),
      callsPerJob: total / jobs.length,
      calls,
      peakRssMb: worker.peakRssMb(),
      rssMb,
    };
  } finally {
    await worker.stop();
    await webui.stop();
    await world.stop();
  }
}
