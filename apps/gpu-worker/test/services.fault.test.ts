import { aTextToImageInput, waitFor } from '@afterimage/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFakeImds } from './support/fake-imds.ts';
import type { AwsCall, CallFate, Rule } from './support/fault-proxy.ts';
import type { WorkerWorld } from './support/worker-world.ts';
import { startWorkerWorld } from './support/worker-world.ts';

let world: WorkerWorld;

beforeEach(async () => {
  world = await startWorkerWorld();
});
afterEach(async () => {
  await world.endWorkers();
  await world.stop();
});

const small = aTextToImageInput({ width: 64, height: 64, steps: 2 });
const SERVICES = ['dynamodb', 'sqs', 's3', 'sns'] as const;

/** Gives two calls of every five of a service the fate, the first one included. */
function often(service: AwsCall['service'], fate: CallFate): Rule {
  let calls = 0;
  return (call) => (call.service === service && [0, 2].includes(calls++ % 5) ? fate : 'passed');
}

/** Gives the first call of each operation the fate. */
function firstOfEach(operations: readonly string[], fate: CallFate): Rule {
  const left = new Set(operations);
  return ({ operation }) => (left.delete(operation) ? fate : 'passed');
}

/** Submits jobs, waits until nothing is due for any of them and no message is left, and tells how each one ended. */
async function endsOf(count: number) {
  const submitted = await Promise.all(Array.from({ length: count }, () => world.submit({ input: small })));
  const ends = [];
  for (const { id } of submitted) {
    const { status, isAnnounced, attempts, outputs, error } = await world.reconcileToTheEnd(id);
    const successes = attempts.filter(({ outcome }) => outcome === 'succeeded').length;
    ends.push({ status, isAnnounced, successes, outputs: outputs.length, error });
  }
  await waitFor(async () => (await world.messages()) === 0, { what: 'the end of the messages', timeoutMs: 20_000 });
  return ends;
}

const DONE_ONCE = { status: 'succeeded', isAnnounced: true, successes: 1, outputs: 1, error: null };

describe('a worker whose service', () => {
  it.each(SERVICES.flatMap((service) => [[service, 'failed'] as const, [service, 'throttled'] as const]))(
    '%s %s now and then still does every job, once',
    async (service, fate) => {
      world.setRule(often(service, fate));
      world.startWorker('worker-1');

      expect(await endsOf(3)).toEqual([DONE_ONCE, DONE_ONCE, DONE_ONCE]);
    },
  );

  it('hangs half-open goes on after its timeout', async () => {
    world.setRule(firstOfEach(['UpdateItem', 'DeleteMessageBatch'], 'unanswered'));
    world.startWorker('worker-1');

    expect(await endsOf(1)).toEqual([DONE_ONCE]);
  });

  it('hangs half-open at the upload ends the attempt at the time limit of its job', async () => {
    world.setRule(({ service }) => (service === 's3' ? 'unanswered' : 'passed'));
    world.startWorker('worker-1');
    const submitted = await world.submit({ input: small });
    const policy = { ...submitted.policy, executionTimeoutSeconds: 2 };
    const limited = await world.submit({ input: small, policy });

    const job = await world.until(limited.id, ({ status }) => status === 'failed', 'the end of the job');

    expect(job.error).toMatchObject({ code: 'execution_timeout', stage: 'uploading' });
  });
});

describe('a worker whose previews', () => {
  it.each([
    ['are refused', 'failed'],
    ['are throttled', 'throttled'],
    ['hang half-open', 'unanswered'],
  ] as const)('%s does its jobs all the same', async (_what, fate) => {
    let previews = 0;
    world.setRule(({ service, path }) => {
      if (service !== 's3' || !path.includes('/previews/')) return 'passed';
      previews += 1;
      return fate;
    });
    world.startWorker('worker-1', { SKETCH_MS_PER_STEP: '100', PREVIEW_INTERVAL_MS: '200' });
    const { id } = await world.submit({ input: { ...small, steps: 20 } });

    const job = await world.until(id, ({ status }) => status === 'succeeded', 'the success of the job');

    expect(previews).toBeGreaterThan(0);
    expect(job).toMatchObject({ failures: 0, losses: 0, attempts: [{ outcome: 'succeeded' }] });
    expect(job.progress).not.toHaveProperty('previewKey');
  });

  it('outlive it tells no client of them, and the next attempt has one of its own', async () => {
    const slow = { SKETCH_MS_PER_STEP: '100', PREVIEW_INTERVAL_MS: '200', LEASE_SECONDS: '2' };
    const worker = world.startWorker('worker-1', slow);
    const { id } = await world.submit({ input: { ...small, steps: 150 } });
    const first = await world.until(id, ({ progress }) => progress?.previewKey !== undefined, 'the first preview');

    worker.kill('SIGKILL');
    await worker.exited;
    await world.requeueLapsed(id);

    expect((await world.get(id)).progress).toBeNull();
    world.startWorker('worker-2', slow);
    const second = await world.until(id, ({ progress }) => progress?.previewKey !== undefined, 'the next preview');
    expect(second.attempt).toBe(2);
    expect(second.progress?.previewKey).not.toBe(first.progress?.previewKey);
  });
});

describe('a worker on a Spot machine', () => {
  it('gives its job back when the notice leaves it no time', async () => {
    const imds = await startFakeImds();
    const worker = world.startWorker('worker-1', { SKETCH_MS_PER_STEP: '20000', IMDS_URL: imds.url });
    const { id } = await world.submit({ input: small });
    await world.until(id, ({ status }) => status === 'running', 'the claim');

    imds.script.instanceAction = JSON.stringify({ action: 'terminate', time: new Date(Date.now() + 17_000) });

    expect(await worker.exited).toBe(0);
    expect(await world.get(id)).toMatchObject({ status: 'queued', attempt: 2, losses: 1, failures: 0 });
    expect((await world.get(id)).attempts).toMatchObject([{ outcome: 'lost', reason: 'spot_interruption' }]);
    await imds.stop();
  });
});

describe('a worker that may not write to any disk', () => {
  it('does its jobs', async () => {
    const NO_WRITES = ['--permission', '--allow-fs-read=*', '--allow-worker', '--allow-addons', '--no-warnings'];
    const worker = world.startWorker('worker-1', { TMPDIR: '/nonexistent', HOME: '/nonexistent' }, NO_WRITES);

    expect(await endsOf(2)).toEqual([DONE_ONCE, DONE_ONCE]);

    expect(worker.stderr()).toBe('');
  });
});
