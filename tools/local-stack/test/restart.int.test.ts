import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import * as z from 'zod';
import { createDynamoClient, createS3Client, createSqsClient, DynamoKeyStore } from '@afterimage/job-aws';
import { clientOptions } from '../src/aws.ts';
import { startLocalStack, type LocalStack, type LocalStackOptions } from '../src/index.ts';
import { temporaryFolder } from './bundles.ts';
import { writeFixtureApps } from './fixture-apps.ts';

async function start(directory: string, options: LocalStackOptions = {}): Promise<LocalStack> {
  const appsDirectory = writeFixtureApps(join(directory, 'apps'));
  const stack = await startLocalStack({ directory, appsDirectory, port: 0, workers: 0, ...options });
  onTestFinished(() => stack.stop());
  return stack;
}

function clients({ awsEndpoints }: LocalStack) {
  return {
    s3: createS3Client(clientOptions(awsEndpoints.s3)),
    sqs: createSqsClient(clientOptions(awsEndpoints.sqs)),
    keys: new DynamoKeyStore(createDynamoClient(clientOptions(awsEndpoints.dynamodb)), 'jobs'),
  };
}

async function fill(stack: LocalStack): Promise<void> {
  const { s3, sqs } = clients(stack);
  const QueueUrl = stack.resources.jobQueues['local-batch']?.url;
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a queued job' }));
  await s3.send(new PutObjectCommand({ Bucket: stack.resources.bucket, Key: 'a.png', Body: 'pixels' }));
}

async function contents(stack: LocalStack) {
  const { s3, sqs, keys } = clients(stack);
  const QueueUrl = stack.resources.jobQueues['local-batch']?.url;
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  const object = await s3
    .send(new GetObjectCommand({ Bucket: stack.resources.bucket, Key: 'a.png' }))
    .catch(() => null);
  return {
    message: Messages?.[0]?.Body,
    object: await object?.Body?.transformToString(),
    hasKey: (await keys.get(stack.apiKey.split('_')[1] ?? '')) !== undefined,
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const stackLine = z.object({ apiUrl: z.url(), pids: z.array(z.int()).min(3) });

/** A stack in a process of its own, with two emulators and a worker. */
async function startProcess(directory: string) {
  const file = fileURLToPath(new URL('stack-process.ts', import.meta.url));
  const child = spawn(process.execPath, [file, directory, writeFixtureApps(join(directory, 'apps'))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, ...stackLine.parse(JSON.parse(line)) };
}

describe('a restart of the local stack', () => {
  it('finds messages, objects and the API key again', async () => {
    const directory = temporaryFolder();
    const first = await start(directory);
    await fill(first);
    await first.stop();

    const second = await start(directory);

    expect(second.apiKey).toBe(first.apiKey);
    expect(second.resources.webhookSecrets).toEqual(first.resources.webhookSecrets);
    expect(await contents(second)).toEqual({ message: 'a queued job', object: 'pixels', hasKey: true });
  });

  it('forgets everything but the API key when it is fresh', async () => {
    const directory = temporaryFolder();
    const first = await start(directory);
    await fill(first);
    await first.stop();

    const second = await start(directory, { isFresh: true });

    expect(second.apiKey).toBe(first.apiKey);
    expect(await contents(second)).toEqual({ message: undefined, object: undefined, hasKey: true });
  });

  it('finds everything again after it was killed, and no process of the killed one is left', async () => {
    const directory = temporaryFolder();
    const { child, pids, apiUrl } = await startProcess(directory);
    expect((await fetch(`${apiUrl}/v1/health`)).status).toBe(200);

    child.kill('SIGKILL');
    await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), { timeout: 10_000 });

    expect(await contents(await start(directory))).toMatchObject({ hasKey: true });
  });

  it('ends every process on SIGTERM', async () => {
    const { child, pids } = await startProcess(temporaryFolder());

    child.kill('SIGTERM');

    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('refuses the folder of a stack that runs, and leaves its state alone', async () => {
    const directory = temporaryFolder();
    const first = await start(directory);
    await fill(first);

    await expect(start(directory, { isFresh: true })).rejects.toThrow(`another local stack runs at ${first.apiUrl}`);

    expect(await contents(first)).toMatchObject({ message: 'a queued job', object: 'pixels' });
  });

  it('names a local.json that cannot be read', async () => {
    const directory = temporaryFolder();
    writeFileSync(join(directory, 'local.json'), '{}');

    await expect(start(directory)).rejects.toThrow(/local\.json cannot be read; delete it/);
  });

  it('starts its logs anew', async () => {
    const directory = temporaryFolder();
    const first = await start(directory);
    const log = join(first.logs, 'old.log');
    writeFileSync(log, 'old');
    await first.stop();

    const second = await start(directory);

    expect(existsSync(log)).toBe(false);
    expect(readFileSync(join(second.logs, 'status-api.log'), 'utf8')).toBe('');
  });

  it('tells when an emulator has ended', async () => {
    const stack = await start(temporaryFolder());

    process.kill(stack.pids[0] ?? 0, 'SIGKILL');

    expect((await stack.failed).message).toContain('was ended by SIGKILL');
  });
});
