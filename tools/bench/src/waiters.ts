import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { createDynamoClient, DynamoJobStore, jobKey } from '@afterimage/job-aws';
import { type JobRecord, LIMITS } from '@afterimage/job-schemas';
import { aJobRecord } from '@afterimage/testing';
import { startInstantTable } from './instant-table.ts';
import { percentile } from './percentile.ts';
import { type Answered, type Ask, type Told, toldSchema } from './waiters-protocol.ts';

export interface WaitersOptions {
  readonly waiters: number;
  /** How long nothing happens while all of them wait; what that costs is measured. */
  readonly idleSeconds: number;
  /** Over how long the jobs change, one after the other. */
  readonly changeSeconds: number;
}

export interface WaitersResult {
  readonly waiters: number;
  /** Processor time in seconds that the process takes each second while all wait and nothing happens. */
  readonly idleCpu: number;
  /** Looks at jobs each second, in that time. */
  readonly readsPerSecond: number;
  /** From the moment that a job's change is written to the answer. */
  readonly latencyMsP50: number;
  readonly latencyMsP99: number;
}

const BUNDLE = fileURLToPath(new URL('../../../dist/apps/wait-api/handler.cjs', import.meta.url));
const PROCESS = fileURLToPath(new URL('waiters-process.ts', import.meta.url));
const START_SECONDS = 3;
const TABLE = 'jobs';
const REGION = 'us-east-1';
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

/** One process with the bundle, and what it tells. */
function startProcess(env: Readonly<Record<string, string>>) {
  const child = fork(PROCESS, [BUNDLE], {
    env: { PATH: process.env.PATH, ...env },
    // Metrics of every request go to stdout.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const answers: Answered[] = [];
  const others = new Map<Told['kind'], (told: Told) => void>();
  child.on('message', (message) => {
    const told = toldSchema.parse(message);
    if (told.kind === 'answered') answers.push(told);
    else others.get(told.kind)?.(told);
  });
  const next = (kind: Told['kind']) => new Promise<Told>((resolve) => others.set(kind, resolve));
  const send = (ask: Ask) => void child.send(ask);
  return {
    answers,
    ready: next('ready'),
    send,
    async cpuSeconds(): Promise<number> {
      const told = next('cpu');
      send({ kind: 'cpu' });
      const answer = await told;
      return answer.kind === 'cpu' ? answer.seconds : 0;
    },
    async stop(): Promise<void> {
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    },
  };
}

function summarize(answers: readonly Answered[], changedAt: ReadonlyMap<string, number>): number[] {
  return answers.map(({ jobId, status, isApplied, atMs }) => {
    const since = changedAt.get(jobId);
    if (status !== 200 || !isApplied || since === undefined) {
      throw new Error(`the wait for ${jobId} was answered with ${status}, ${isApplied ? '' : 'not '}applied`);
    }
    return Math.max(0, atMs - since);
  });
}

/**
 * Lets many clients wait for a job each in one process of wait-api, beside a table in this one that answers at once.
 * @throws Error when a wait is not granted, or is answered with anything but the change
 */
export async function runWaiters({ waiters, idleSeconds, changeSeconds }: WaitersOptions): Promise<WaitersResult> {
  const table = await startInstantTable();
  const dynamo = createDynamoClient({ endpoint: table.url, region: REGION, credentials: CREDENTIALS });
  const store = new DynamoJobStore(dynamo, TABLE);
  const service = startProcess({
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_ENDPOINT_URL: table.url,
    JOB_TABLE: TABLE,
    OUTPUT_BUCKET: 'outputs',
    API_URL: 'https://api.example.com',
    LOG_LEVEL: 'ERROR',
  });
  try {
    await service.ready;
    const jobs: JobRecord[] = [];
    for (let index = 0; index < waiters; index++) {
      const tenantId = `tenant-${Math.floor(index / LIMITS.waiters)}`;
      jobs.push((await store.create(aJobRecord({ tenantId, createdAt: new Date().toISOString() }))).job);
    }
    for (const { id: jobId, tenantId } of jobs) {
      service.send({ kind: 'wait', jobId, tenantId, waitSeconds: LIMITS.waitSeconds.max });
    }
    await pause(START_SECONDS * 1000);
    const before = { cpu: await service.cpuSeconds(), reads: table.reads, at: performance.now() };
    await pause(idleSeconds * 1000);
    const after = { cpu: await service.cpuSeconds(), reads: table.reads, at: performance.now() };
    const seconds = (after.at - before.at) / 1000;

    const changedAt = new Map<string, number>();
    for (const { id } of jobs) {
      table.change(jobKey(id).pk, { version: { N: '2' } });
      changedAt.set(id, performance.timeOrigin + performance.now());
      await pause((changeSeconds * 1000) / waiters);
    }
    for (const deadline = Date.now() + 30_000; service.answers.length < waiters; await pause(50)) {
      if (Date.now() > deadline) throw new Error(`${service.answers.length} of ${waiters} waits were answered`);
    }
    const latencies = summarize(service.answers, changedAt);
    return {
      waiters,
      idleCpu: (after.cpu - before.cpu) / seconds,
      readsPerSecond: (after.reads - before.reads) / seconds,
      latencyMsP50: percentile(latencies, 50),
      latencyMsP99: percentile(latencies, 99),
    };
  } finally {
    await service.stop();
    dynamo.destroy();
    await table.stop();
  }
}
