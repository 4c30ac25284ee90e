import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Call, CallGroups } from '../call.ts';
import { sendDynamo } from './send-dynamo.ts';

const client = new SQSClient({ maxAttempts: 3, useQueueUrlAsEndpoint: false });

async function send(call: Call): Promise<void> {
  if (call.service === 'dynamodb') return sendDynamo(call);
  await client.send(new SendMessageCommand({ QueueUrl: '', MessageBody: '', ...call.input }));
}

export async function handler(groups: CallGroups): Promise<void> {
  for (const calls of groups) await Promise.all(calls.map(send));
}
