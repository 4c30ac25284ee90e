import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, expect, test } from 'vitest';
import { ofAnotherJob } from './invocations.ts';
import { installRecorder } from './record-calls.ts';

const callsOf = installRecorder();
const server = createServer((request, response) => {
  const isSns = request.headers['x-amz-target'] === undefined;
  const xml = '<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>';
  request.resume().on('end', () => response.end(isSns ? xml : '{}'));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const options = {
  endpoint: `http://127.0.0.1:${port}`,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
};
const dynamo = new DynamoDBClient(options);
const sns = new SNSClient(options);
const get = (id: string) => ({ TableName: 'jobs', Key: { pk: { S: id } } });

afterAll(() => {
  dynamo.destroy();
  sns.destroy();
  server.close();
});

test('calls are noted with their input, those of one time together, and none but while they are wanted', async () => {
  const message = {
    TopicArn: 'arn:aws:sns:us-east-1:0:topic',
    Message: '{"a":1}',
    MessageGroupId: 'tenant',
    MessageAttributes: { pool: { DataType: 'String', StringValue: 'sdxl' } },
  };
  await dynamo.send(new GetItemCommand(get('before')));

  const groups = await callsOf(async () => {
    await Promise.all([dynamo.send(new GetItemCommand(get('a'))), dynamo.send(new GetItemCommand(get('b')))]);
    await sns.send(new PublishCommand(message));
  });

  expect(groups).toEqual([
    [
      { service: 'dynamodb', operation: 'GetItem', input: get('a') },
      { service: 'dynamodb', operation: 'GetItem', input: get('b') },
    ],
    [{ service: 'sns', operation: 'Publish', input: message }],
  ]);
});

test('calls are made of another job wherever its id is', () => {
  const calls = JSON.stringify({ Key: 'JOB#job_01K0000000000000000000000A', id: 'job_01K0000000000000000000000A' });

  const { Key, id } = JSON.parse(ofAnotherJob(calls, new Uint8Array(16).fill(1)));

  expect(id).not.toBe('job_01K0000000000000000000000A');
  expect(Key).toBe(`JOB#${id}`);
});
