import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Call, CallGroups } from '../call.ts';
import { sendDynamo } from './send-dynamo.ts';

const client = new SNSClient({ maxAttempts: 3 });

async function send(call: Call): Promise<void> {
  if (call.service === 'dynamodb') return sendDynamo(call);
  await client.send(new PublishCommand({ Message: '', ...call.input }));
}

export async function handler(groups: CallGroups): Promise<void> {
  for (const calls of groups) await Promise.all(calls.map(send));
}
