import { parseArgs } from 'node:util';
import { describeMachine } from './machine.ts';
import { runBareClient } from './worker-bare-client.ts';
import { startImageServer } from '@afterimage/testing/image-server';
import { makeInputImage, makeJobs } from './worker-jobs.ts';
import type { Measured, Scenario } from './worker-scenario.ts';
import { runScenario } from './worker-scenario.ts';

const AWS_MS = 15;
const TIMEOUT_MS = 600_000;
/** Beyond the work itself, the engine of the memory run takes next to no time. */
const MEMORY_MS_PER_IMAGE = 20;
const LARGE = { side: 2048, images: 8 };

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '100' },
    'memory-jobs': { type: 'string', default: '2000' },
  },
});
const jobs = Number(values.jobs);
const memoryJobs = Number(values['memory-jobs']);

async function measure(name: string, scenario: Partial<Scenario> & Pick<Scenario, 'jobs'>): Promise<Measured> {
  const defaults = { msPerImage: 100, awsDelayMs: 0, env: {}, timeoutMs: TIMEOUT_MS };
  const measured = await runScenario({ name, ...defaults, ...scenario });
  const { busy, gapMs, callsPerJob, calls, peakRssMb, rssMb } = measured;
  const perJob = [...calls].map(([operation, count]) => `${operation} ${(count / scenario.jobs.length).toFixed(2)}`);
  console.error(
    `${name}: busy ${(busy * 100).toFixed(1)} %, ${gapMs.toFixed(1)} ms between jobs, ${callsPerJob.toFixed(2)} calls a job (${perJob.join(', ')}), ` +
      `memory ${rssMb.join(', ')} MB, at most ${peakRssMb} MB`,
  );
  return measured;
}

const share = (value: number) => Math.round(value * 1000) / 1000;

console.error(describeMachine());
const inputs = await startImageServer(await makeInputImage());
try {
  const bare = await runBareClient(jobs, 100);
  console.error(
    `bare client, 100 ms: busy ${(bare.busy * 100).toFixed(1)} %, ${bare.gapMs.toFixed(1)} ms between requests`,
  );
  const at100 = await measure('100 ms', { jobs: makeJobs(jobs) });
  const at500 = await measure('500 ms', { jobs: makeJobs(jobs), msPerImage: 500 });
  const at100Aws = await measure('100 ms, AWS 15 ms', { jobs: makeJobs(jobs), awsDelayMs: AWS_MS });
  const at500Aws = await measure('500 ms, AWS 15 ms', { jobs: makeJobs(jobs), msPerImage: 500, awsDelayMs: AWS_MS });
  const byUrl = await measure('100 ms, inputs by URL', {
    jobs: makeJobs(jobs, { imageUrl: inputs.url }),
    env: inputs.env,
  });
  const memory = await measure(`${memoryJobs} jobs`, {
    jobs: makeJobs(memoryJobs),
    msPerImage: MEMORY_MS_PER_IMAGE,
  });
  await measure('8 images of 2048 × 2048', { jobs: makeJobs(4, LARGE) });
  console.log(
    JSON.stringify({
      bench: 'worker',
      jobs,
      busyBareClient100ms: share(bare.busy),
      busy100ms: share(at100.busy),
      busy500ms: share(at500.busy),
      busy100msAws15ms: share(at100Aws.busy),
      busy500msAws15ms: share(at500Aws.busy),
      busyUrlInputs: share(byUrl.busy),
      awsCallsPerJob: share(at100.callsPerJob),
      peakRssMb: memory.peakRssMb,
    }),
  );
} finally {
  await inputs.stop();
}
