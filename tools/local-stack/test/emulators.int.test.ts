import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  ChangeMessageVisibilityCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { parsePools } from '@afterimage/app-config';
import { createS3Client, createSqsClient } from '@afterimage/job-aws';
import { clientOptions, endpointsOf, type AwsEndpoints } from '../src/aws.ts';
import { startDiskEmulators } from '../src/emulators/disk.ts';
import type { Emulators } from '../src/emulators/emulators.ts';
import { startMemoryEmulators } from '../src/emulators/memory.ts';
import { hostVariables } from '../src/processes/host-variables.ts';
import { newApiKey } from '../src/provision/identity.ts';
import { provision } from '../src/provision/provision.ts';
import { temporaryFolder } from './bundles.ts';
import { openAddresses } from './open-addresses.ts';

const API_KEY = newApiKey();
const MODEL = { id: 'm', tasks: ['text-to-image'] };
const POOLS = parsePools(JSON.stringify({ pools: [{ name: 'local', engine: 'sketch', models: [MODEL] }] }), 'pools');

async function startOnDisk(folder: string): Promise<Emulators> {
  const [stateDirectory, logDirectory] = [join(folder, 'state'), join(folder, 'logs')];
  const emulators = await startDiskEmulators({ stateDirectory, logDirectory, env: hostVariables(process.env) });
  onTestFinished(emulators.stop);
  return emulators;
}

async function startInMemory(): Promise<Emulators> {
  const emulators = await startMemoryEmulators();
  onTestFinished(emulators.stop);
  return emulators;
}

function clients(endpoints: AwsEndpoints) {
  return {
    dynamo: new DynamoDBClient(clientOptions(endpoints.dynamodb)),
    s3: createS3Client(clientOptions(endpoints.s3)),
    sqs: createSqsClient(clientOptions(endpoints.sqs)),
  };
}

async function receiveBody(sqs: SQSClient, QueueUrl: string): Promise<string | undefined> {
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  return Messages?.[0]?.Body;
}

describe.each([
  ['in memory', startInMemory],
  ['on disk', () => startOnDisk(temporaryFolder())],
])('the emulators %s', (_where, start) => {
  it('are closed on every address but loopback', async () => {
    const emulators = await start();
    const ports = [emulators.dynamodb, emulators.messaging].map((url) => Number(new URL(url).port));

    expect(await Promise.all(ports.map(openAddresses))).toEqual([[], []]);
  });

  it('give a message on that was received for a client that has gone', async () => {
    const endpoints = endpointsOf(await start());
    const { notifications } = await provision(endpoints, POOLS, API_KEY);
    const { sqs } = clients(endpoints);
    const QueueUrl = notifications.url;
    const leaving = new AbortController();
    const poll = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), {
      abortSignal: leaving.signal,
    });
    const gone = poll.catch((error: unknown) => error);
    // A second call on the queue, answered after the poll has reached it.
    await receiveBody(sqs, QueueUrl);
    leaving.abort();
    expect(await gone).toMatchObject({ name: 'AbortError' });

    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'for somebody else' }));

    await vi.waitFor(async () => expect(await receiveBody(sqs, QueueUrl)).toBe('for somebody else'), { timeout: 5000 });
  });
});

describe('the emulators on disk', () => {
  it('have everything again after a restart, also what was in flight', async () => {
    const folder = temporaryFolder();
    const first = await startOnDisk(folder);
    const { notifications, bucket, table } = await provision(endpointsOf(first), POOLS, API_KEY);
    const before = clients(endpointsOf(first));
    const QueueUrl = notifications.url;
    const key = { pk: { S: 'a' }, sk: { S: 'b' } };
    const body = Buffer.alloc(9 * 1024 * 1024, 'x');
    await before.dynamo.send(new PutItemCommand({ TableName: table, Item: { ...key, n: { N: '7' } } }));
    await before.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'a/b.png', Body: body }));
    await before.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'in flight' }));
    const { Messages } = await before.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    await before.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'waiting' }));
    await first.stop();

    const endpoints = endpointsOf(await startOnDisk(folder));
    const again = await provision(endpoints, POOLS, API_KEY);
    const after = clients(endpoints);

    const { Item } = await after.dynamo.send(new GetItemCommand({ TableName: table, Key: key }));
    expect(Item).toMatchObject({ n: { N: '7' } });
    const object = await after.s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'a/b.png' }));
    expect(body.equals((await object.Body?.transformToByteArray()) ?? new Uint8Array())).toBe(true);
    expect(await receiveBody(after.sqs, again.notifications.url)).toBe('waiting');
    const ReceiptHandle = Messages?.[0]?.ReceiptHandle;
    const release = { QueueUrl: again.notifications.url, ReceiptHandle, VisibilityTimeout: 0 };
    await after.sqs.send(new ChangeMessageVisibilityCommand(release));
    expect(await receiveBody(after.sqs, again.notifications.url)).toBe('in flight');
  });

  it('count the receives of a message on when it is made visible at once', async () => {
    const endpoints = endpointsOf(await startOnDisk(temporaryFolder()));
    const { notifications } = await provision(endpoints, POOLS, API_KEY);
    const { sqs } = clients(endpoints);
    const QueueUrl = notifications.url;
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'again' }));
    const counts: unknown[] = [];
    for (let round = 0; round < 3; round += 1) {
      const receive = new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
      const [message] = (await sqs.send(receive)).Messages ?? [];
      counts.push(message?.Attributes?.ApproximateReceiveCount);
      const release = { QueueUrl, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 0 };
      await sqs.send(new ChangeMessageVisibilityCommand(release));
    }

    expect(counts).toEqual(['1', '2', '3']);
  });

  it('refuse a folder that is in use', async () => {
    const folder = temporaryFolder();
    await startOnDisk(folder);

    await expect(startOnDisk(folder)).rejects.toThrow(/dynalite cannot start.*is another local stack running/);
  });

  it('tell when one of them ends', async () => {
    const emulators = await startOnDisk(temporaryFolder());
    const pid = emulators.pids[0] ?? 0;

    process.kill(pid, 'SIGKILL');

    expect((await emulators.failed).message).toMatch(/the emulator dynalite was ended by SIGKILL; see .*dynalite\.log/);
  });
});
