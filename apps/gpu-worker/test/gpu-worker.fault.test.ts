import { cancel } from '@afterimage/job-core';
import type { JobRecord } from '@afterimage/job-schemas';
import { aJobMessage, aTextToImageInput, waitFor } from '@afterimage/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWorkerProcess } from './support/worker-process.ts';
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

const small = aTextToImageInput({ width: 64, height: 64, steps: 20 });
/** About as long as a test may take, so that a job which is not stopped is noticed. */
const SLOW = { SKETCH_MS_PER_STEP: '1000' };
/** For a worker that is to lose its job. */
const SHORT_LEASE = { LEASE_SECONDS: '2', VISIBILITY_SECONDS: '4' };
const isSucceeded = ({ status, isAnnounced }: JobRecord) => status === 'succeeded' && isAnnounced;
const isPainting = ({ progress }: JobRecord) => progress !== null && progress.step > 0;

describe('a worker process', () => {
  it('makes the images of a job, stores them and ends when it is told to', async () => {
    const worker = world.startWorker('worker-1');
    const submitted = await world.submit({ input: { ...small, images: 2 } });

    const job = await world.until(submitted.id, isSucceeded, 'the success of the job');

    expect(job.attempts).toMatchObject([{ number: 1, outcome: 'succeeded' }]);
    expect(await world.checksums(job)).toEqual(job.outputs.map(({ sha256 }) => sha256));
    expect(job.outputs.map(({ width, height, seed }) => [width, height, seed])).toEqual([
      [64, 64, 42],
      [64, 64, 43],
    ]);
    await waitFor(async () => (await world.messages()) === 0, { what: 'the end of the message' });
    expect(await world.events(job.id)).toEqual(['job.succeeded']);
    expect(await worker.get('/ready')).toMatchObject({ status: 200 });
    expect(await worker.get('/status')).toMatchObject({ status: 200, body: { state: 'polling', jobs: [] } });
    expect(JSON.stringify(worker.lines)).not.toContain(small.prompt);

    worker.kill('SIGTERM');

    expect(await worker.exited).toBe(0);
    expect(worker.stderr()).toBe('');
  });

  it('makes one result of two copies of a message, and leaves a message that is none', async () => {
    world.startWorker('worker-1', { SKETCH_MS_PER_STEP: '20' });
    world.startWorker('worker-2', { SKETCH_MS_PER_STEP: '20' });
    await world.send('{"jobId":"not one"}');
    const submitted = await world.submit({ input: small });
    await world.send(JSON.stringify(aJobMessage(submitted)));

    const job = await world.until(submitted.id, isSucceeded, 'the success of the job');
    await waitFor(async () => (await world.messages()) === 1, { what: 'the end of both copies' });

    expect(job.attempts).toHaveLength(1);
    expect(await world.events(job.id)).toEqual(['job.succeeded']);
  });

  it('stops a job that is canceled, within five seconds', async () => {
    world.startWorker('worker-1', SLOW);
    const { id } = await world.submit({ input: small });
    const running = await world.until(id, isPainting, 'the progress of the job');

    const change = cancel(running, new Date());
    const startedMs = performance.now();
    if (change !== undefined) await world.jobs.change(id, change);
    const job = await world.until(id, ({ status }) => status === 'canceled', 'the cancellation');

    expect(performance.now() - startedMs).toBeLessThan(5000);
    expect(job.attempts).toMatchObject([{ outcome: 'canceled' }]);
  });

  it('says what is missing in its environment, and ends with 1', async () => {
    const worker = startWorkerProcess({ ENGINE: 'sketch', LEASE_SECONDS: '3', HEARTBEAT_INTERVAL_MS: '2000' });

    expect(await worker.exited).toBe(1);
    expect(worker.stderr()).toMatch(/^ConfigError: .*JOB_TABLE is not set.*WORKER_ID is not set/);
  });
});

describe('a worker that goes away', () => {
  it('killed in mid-job: another one finishes the next attempt, and one set of outputs is visible', async () => {
    const first = world.startWorker('worker-1', { ...SLOW, ...SHORT_LEASE });
    const { id } = await world.submit({ input: small });
    await world.until(id, isPainting, 'the progress of the job');

    first.kill('SIGKILL');
    expect(await first.exited).toBeNull();
    world.startWorker('worker-2');
    await world.requeueLapsed(id);
    const job = await world.until(id, isSucceeded, 'the success of the second attempt');

    expect(job).toMatchObject({ attempt: 2, losses: 1, failures: 0 });
    expect(job.attempts).toMatchObject([{ outcome: 'lost', reason: 'lease_lapsed' }, { outcome: 'succeeded' }]);
    expect(job.outputs.map(({ key }) => key)).toEqual([`outputs/${job.tenantId}/${id}/2/0.png`]);
    expect(await world.events(id)).toEqual(['job.succeeded']);
    await waitFor(async () => (await world.messages()) === 0, { what: 'the end of the first message' });
  });

  it('stopped for longer than its lease: it writes nothing when it wakes', async () => {
    const first = world.startWorker('worker-1', { ...SLOW, ...SHORT_LEASE });
    const { id } = await world.submit({ input: small });
    await world.until(id, isPainting, 'the progress of the job');
    first.kill('SIGSTOP');
    await world.requeueLapsed(id);
    world.startWorker('worker-2');
    const job = await world.until(id, isSucceeded, 'the success of the second attempt');

    first.kill('SIGCONT');
    await waitFor(() => first.lines.some(({ outcome }) => outcome === 'abandon'), { what: 'the loss of the lease' });

    expect(await world.get(id)).toEqual(job);
    expect(await world.events(id)).toEqual(['job.succeeded']);
  });
});

describe('a worker that is told to stop in mid-job', () => {
  it('finishes the job when there is time', async () => {
    const worker = world.startWorker('worker-1', { SKETCH_MS_PER_STEP: '100', DRAIN_SECONDS: '20' });
    const { id } = await world.submit({ input: small });
    await world.until(id, isPainting, 'the progress of the job');

    worker.kill('SIGTERM');
    await waitFor(async () => (await worker.get('/ready')).status === 503, { what: 'the drain' });

    expect(await worker.exited).toBe(0);
    expect(await world.get(id)).toMatchObject({ status: 'succeeded', attempt: 1, isAnnounced: true });
  });

  it('gives the job back when there is none, and another one finishes it', async () => {
    const worker = world.startWorker('worker-1', { ...SLOW, DRAIN_SECONDS: '0' });
    const { id } = await world.submit({ input: small });
    await world.until(id, isPainting, 'the progress of the job');

    worker.kill('SIGTERM');

    expect(await worker.exited).toBe(0);
    expect(await world.get(id)).toMatchObject({
      status: 'queued',
      attempt: 2,
      losses: 1,
      failures: 0,
      isPublished: true,
    });
    world.startWorker('worker-2');
    expect((await world.until(id, isSucceeded, 'the success of the job')).attempts).toMatchObject([
      { outcome: 'lost', reason: 'drain' },
      { outcome: 'succeeded' },
    ]);
  });

  it('gives the job back at once at the second signal, and ends with 1', async () => {
    const worker = world.startWorker('worker-1', { ...SLOW, DRAIN_SECONDS: '60' });
    const { id } = await world.submit({ input: small });
    await world.until(id, isPainting, 'the progress of the job');

    worker.kill('SIGTERM');
    await waitFor(async () => (await worker.get('/status')).body.state === 'draining', { what: 'the drain' });
    worker.kill('SIGTERM');

    expect(await worker.exited).toBe(1);
    expect(await world.get(id)).toMatchObject({ status: 'queued', attempt: 2, losses: 1 });
  });
});
