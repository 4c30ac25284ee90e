import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { CREDENTIALS, REGION } from '@afterimage/testing/embedded-aws';
import { afterAll, describe, expect, it } from 'vitest';
import { createSqsClient, SqsMessageQueue } from '../src/index.ts';

const requests: unknown[] = [];
const server = createServer(async (request, response) => {
  requests.push(JSON.parse(await text(request)));
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}');
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('a long poll', () => {
  it('asks for what SQS leaves out unless it is asked, and the emulator does not', async () => {
    const sqs = createSqsClient({ endpoint, region: REGION, credentials: CREDENTIALS });
    const queue = new SqsMessageQueue(sqs, `${endpoint}/queue`);
    const options = { max: 3, waitSeconds: 20, visibilitySeconds: 60, signal: new AbortController().signal };

    expect(await queue.receive(options)).toStrictEqual([]);

    expect(requests).toStrictEqual([
      {
        QueueUrl: `${endpoint}/queue`,
        MaxNumberOfMessages: 3,
        WaitTimeSeconds: 20,
        VisibilityTimeout: 60,
        MessageAttributeNames: ['traceparent'],
        MessageSystemAttributeNames: ['ApproximateReceiveCount', 'AWSTraceHeader'],
      },
    ]);
  });
});
