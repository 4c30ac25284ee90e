import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DependencyUnavailableError } from '@afterimage/job-core';
import { aJobEvent, anId, aRunningJob } from '@afterimage/testing';
import { CREDENTIALS, REGION } from '@afterimage/testing/embedded-aws';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createDynamoClient,
  createS3Client,
  createSnsClient,
  createSqsClient,
  DynamoDueIndex,
  DynamoJobStore,
  S3OutputStore,
  SnsEventPublisher,
  SqsMessageQueue,
} from '../src/index.ts';

const stops: (() => void)[] = [];

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** A service that answers every request in one way. */
async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const optionsFor = (endpoint: string) => ({ endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 });

/** One call by each kind of client. */
const CALLS: readonly (readonly [string, (endpoint: string) => Promise<unknown>])[] = [
  [
    'a read of a job',
    (endpoint) => new DynamoJobStore(createDynamoClient(optionsFor(endpoint)), 'jobs').get(anId('job')),
  ],
  [
    'a new job',
    (endpoint) => new DynamoJobStore(createDynamoClient(optionsFor(endpoint)), 'jobs').create(aRunningJob()),
  ],
  ['the index', (endpoint) => new DynamoDueIndex(createDynamoClient(optionsFor(endpoint)), 'jobs').listDue('2026', 1)],
  [
    'an event',
    (endpoint) => new SnsEventPublisher(createSnsClient(optionsFor(endpoint)), 'arn:t').publish(aJobEvent()),
  ],
  ['a deletion', (endpoint) => new SqsMessageQueue(createSqsClient(optionsFor(endpoint)), `${endpoint}/q`).delete('h')],
  ['an object', (endpoint) => new S3OutputStore(createS3Client(optionsFor(endpoint)), 'outputs').exists('key')],
];

describe.each(CALLS)('%s', (_, call) => {
  it('is told to be unavailable when nobody listens', async () => {
    const endpoint = await serve(() => {});
    for (const stop of stops.splice(0)) stop();

    await expect(call(endpoint)).rejects.toBeInstanceOf(DependencyUnavailableError);
  });

  it('is told to be unavailable when the service fails', async () => {
    const endpoint = await serve((_request, response) => void response.writeHead(500).end());

    await expect(call(endpoint)).rejects.toBeInstanceOf(DependencyUnavailableError);
  });

  it('is told to be unavailable when the connection breaks', async () => {
    const endpoint = await serve((request) => void request.socket.destroy());

    await expect(call(endpoint)).rejects.toBeInstanceOf(DependencyUnavailableError);
  });
});

describe('a service that takes requests and never answers', () => {
  it('ends a call in time', async () => {
    const endpoint = await serve(() => {});
    const store = new DynamoJobStore(createDynamoClient(optionsFor(endpoint)), 'jobs');

    await expect(store.get(anId('job'))).rejects.toMatchObject({
      name: 'DependencyUnavailableError',
      cause: { name: 'TimeoutError' },
    });
  }, 10_000);

  it('ends a long poll a little after its wait', async () => {
    const endpoint = await serve(() => {});
    const queue = new SqsMessageQueue(createSqsClient(optionsFor(endpoint)), `${endpoint}/queue`);
    const options = { max: 1, waitSeconds: 1, visibilitySeconds: 30, signal: new AbortController().signal };

    await expect(queue.receive(options)).rejects.toMatchObject({
      name: 'DependencyUnavailableError',
      cause: { name: 'TimeoutError' },
    });
  }, 10_000);
});

describe('a queue that refuses', () => {
  const refusal = (type: string, message: string) =>
    serve((_request, response) => {
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ __type: `com.amazonaws.sqs#${type}`, message }));
    });
  const queueAt = (endpoint: string) => new SqsMessageQueue(createSqsClient(optionsFor(endpoint)), `${endpoint}/queue`);

  it.each([
    ['MessageNotInflight', 'The specified message is not in flight.'],
    ['ReceiptHandleIsInvalid', 'The receipt handle provided is not valid.'],
    ['InvalidParameterValue', 'Value h for parameter ReceiptHandle is invalid. Reason: Message does not exist.'],
  ])('a handle as %s says that the message is not in flight', async (type, message) => {
    const queue = queueAt(await refusal(type, message));

    expect(await queue.changeVisibility('h', 30)).toBe(false);
    await expect(queue.delete('h')).resolves.toBeUndefined();
  });

  it('a number of seconds says no such thing', async () => {
    const message = 'Value 43201 for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200.';
    const queue = queueAt(await refusal('InvalidParameterValue', message));

    await expect(queue.changeVisibility('h', 43_201)).rejects.toThrow('VisibilityTimeout');
  });
});
