import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Job } from '@afterimage/job-schemas';
import { aRequest, type Client } from '../src/client.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';

const FLOOD = 24;
/** Of ten jobs that a worker takes, one is `batch` while there is such work. */
const ONE_IN = 10;

let test: TestStack;
let client: Client;

beforeAll(async () => {
  test = await startTestStack({ sketchMsPerStep: 20, env: { 'gpu-worker': { HEARTBEAT_INTERVAL_MS: '200' } } });
  ({ client } = test);
});
afterAll(() => test?.stop());

/** The worker runs a job and has the next one in hand: whatever comes now waits in the queues. */
async function occupyWorker(): Promise<() => Promise<void>> {
  const long = aRequest({ policy: { executionTimeoutSeconds: 1000 } }, { steps: 150, images: 8 });
  const jobs: Job[] = [];
  for (let index = 0; index < 2; index++) {
    const job = await client.submit(long);
    jobs.push(await client.jobWhere(job.id, 'taken', ({ status }) => status === 'running'));
  }
  return async () => {
    await Promise.all(jobs.map(({ id }) => client.call(`/v1/jobs/${id}/cancel`, { method: 'POST' })));
  };
}

it('a flood of interactive jobs goes before batch ones, which are one in ten of those that a worker takes', async () => {
  const release = await occupyWorker();
  const submit = (priority: string) => client.submit(aRequest({ policy: { priority } }, { steps: 1 }));
  // They are there first, and yet the others go before them.
  const batch = [await submit('batch'), await submit('batch')].map(({ id }) => id);
  const flood = await Promise.all(Array.from({ length: FLOOD }, () => submit('interactive')));

  await release();

  const ended = await Promise.all([...batch, ...flood.map(({ id }) => id)].map((id) => client.terminal(id, 120_000)));
  expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(['succeeded']));
  const taken = ended.toSorted((a, b) => (a.startedAt ?? '').localeCompare(b.startedAt ?? '')).map(({ id }) => id);
  const [first = Number.NaN, second = Number.NaN] = batch.map((id) => taken.indexOf(id) + 1).toSorted((a, b) => a - b);
  expect(first).toBeGreaterThan(1);
  expect(first).toBeLessThanOrEqual(ONE_IN);
  expect(second - first).toBe(ONE_IN);
});
