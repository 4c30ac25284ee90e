import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { PublishCommand } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { gpuWorkerEnv, loadConfig } from '@afterimage/app-config';
import { createSnsClient, createSqsClient } from '@afterimage/job-aws';
import { clientOptions } from '../src/aws.ts';
import { PortTakenError, startLocalStack, type LocalStack, type LocalStackOptions } from '../src/index.ts';
import { temporaryFolder } from './bundles.ts';
import { writeFixtureApps } from './fixture-apps.ts';

async function start(options: LocalStackOptions = {}): Promise<LocalStack> {
  const appsDirectory = options.appsDirectory ?? writeFixtureApps(temporaryFolder());
  const stack = await startLocalStack({ persistence: 'memory', appsDirectory, workers: 0, ...options });
  onTestFinished(() => stack.stop());
  return stack;
}

async function publishJob(stack: LocalStack, pool: string, priority: string): Promise<void> {
  const sns = createSnsClient(clientOptions(stack.awsEndpoints.sns));
  await sns.send(
    new PublishCommand({
      TopicArn: stack.resources.topics.jobRequests,
      Message: `${pool} ${priority}`,
      MessageAttributes: {
        pool: { DataType: 'String', StringValue: pool },
        priority: { DataType: 'String', StringValue: priority },
      },
    }),
  );
}

async function receiveFrom(stack: LocalStack, queue: string): Promise<string | undefined> {
  const sqs = createSqsClient(clientOptions(stack.awsEndpoints.sqs));
  const QueueUrl = stack.resources.jobQueues[queue]?.url;
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  return Messages?.[0]?.Body;
}

async function isUp(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

describe('the local stack', () => {
  it('serves the functions with their environment', async () => {
    const stack = await start({ env: { 'status-api': { LOG_LEVEL: 'DEBUG' } } });

    const response = await fetch(`${stack.apiUrl}/v1/health`);

    expect(await response.json()).toMatchObject({
      AWS_LAMBDA_FUNCTION_NAME: 'status-api',
      AWS_ENDPOINT_URL_S3: stack.awsEndpoints.s3,
      API_URL: stack.apiUrl,
      JOB_TABLE: 'jobs',
      LOG_LEVEL: 'DEBUG',
    });
  });

  it('routes a job to the queue of its pool and priority alone', async () => {
    const stack = await start();

    await publishJob(stack, 'local', 'batch');
    await publishJob(stack, 'other', 'interactive');

    expect(await receiveFrom(stack, 'local-batch')).toBe('local batch');
    expect(await receiveFrom(stack, 'local-batch')).toBeUndefined();
    expect(await receiveFrom(stack, 'local-interactive')).toBeUndefined();
  });

  it('invokes the notifier with events', async () => {
    const stack = await start();
    const sns = createSnsClient(clientOptions(stack.awsEndpoints.sns));

    await sns.send(
      new PublishCommand({ TopicArn: stack.resources.topics.jobEvents, Message: '{"type":"job.succeeded"}' }),
    );

    await vi.waitFor(async () => {
      expect(await stack.invoke('result-notifier', { ask: true })).toContain('{"type":"job.succeeded"}');
    });
  });

  it('runs the reconciler on its schedule, and on request while that is paused', async () => {
    const ticking = await start({ reconcileIntervalMs: 10 });
    const paused = await start({ reconcileIntervalMs: 10, isReconcilerPaused: true });

    await vi.waitFor(async () => expect(await ticking.invoke('job-reconciler', { ask: true })).toContain('aws.events'));
    expect(await paused.invoke('job-reconciler', { ask: true })).not.toContain('aws.events');
    await paused.invokeReconciler();

    expect(await paused.invoke('job-reconciler', { ask: true })).toContain('aws.events');
  });

  it('keeps workers running, with the settings of the test', async () => {
    const report = vi.fn<(message: string) => void>();
    const stack = await start({
      workers: 2,
      sketchMsPerStep: 7,
      env: { 'gpu-worker': { LEASE_SECONDS: '9' } },
      report,
    });
    const [worker] = stack.workers;
    const pid = worker?.pid;
    expect(stack.workers.map(({ id }) => id)).toEqual(['local-1', 'local-2']);

    worker?.kill('SIGKILL');
    await vi.waitFor(() => expect(worker?.pid).not.toBe(pid));
    await worker?.whenReady();

    expect(report).toHaveBeenCalledWith('worker local-1 was ended by SIGKILL; starting it again');
    expect(readFileSync(join(stack.logs, 'gpu-worker-1.log'), 'utf8')).toBe('worker local-1 7 9\n'.repeat(2));
  });

  it('leaves nothing behind', async () => {
    const stack = await start({ workers: 1 });
    const pid = stack.workers[0]?.pid ?? 0;

    await stack.stop();
    await stack.stop();

    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(await isUp(stack.apiUrl)).toBe(false);
    expect(await isUp(stack.awsEndpoints.sqs)).toBe(false);
    expect(() => statSync(stack.directory)).toThrow('ENOENT');
  });

  it('writes down what clients and single apps need, for its owner alone', async () => {
    const stack = await start();
    const file = join(stack.directory, 'local.json');

    const local = JSON.parse(readFileSync(file, 'utf8')) as { envFiles: Record<string, string> };
    const workerFile = local.envFiles['gpu-worker'] ?? '';

    expect(local).toMatchObject({ apiUrl: stack.apiUrl, apiKey: stack.apiKey, awsEndpoints: stack.awsEndpoints });
    expect(stack.apiKey).toMatch(/^ai_[0-9A-Za-z]{12}_[0-9A-Za-z]{40}$/);
    expect(loadConfig(gpuWorkerEnv, parseEnv(readFileSync(workerFile, 'utf8')))).toMatchObject({ POOL: 'local' });
    expect([file, workerFile].map((each) => statSync(each).mode & 0o777)).toEqual([0o600, 0o600]);
  });

  it.each([
    ['a function that cannot be loaded', { 'submit-api': 'throw new Error("no such table");' }, {}, 'no such table'],
    [
      'a variable that does not fit',
      {},
      { env: { 'status-api': { URL_EXPIRES_SECONDS: '1' } } },
      'URL_EXPIRES_SECONDS',
    ],
    ['a worker that ends', { 'gpu-worker': 'process.exit(4);' }, { workers: 1 }, 'ended with exit code 4'],
  ])('refuses to start with %s', async (_what, sources, options, message) => {
    const appsDirectory = writeFixtureApps(temporaryFolder(), sources);
    const failure = await start({ appsDirectory, ...options }).catch((error: unknown) => error as Error);

    expect(`${(failure as Error).message} ${String((failure as Error).cause)}`).toContain(message);
  });

  it('names the variable to change when its port is taken', async () => {
    const { port } = new URL((await start()).apiUrl);

    const second = start({ port: Number(port) });

    await expect(second).rejects.toThrow(PortTakenError);
    await expect(second).rejects.toThrow(/AFTERIMAGE_PORT/);
  });
});
