import type { CallGroups } from '../call.ts';
import { sendDynamo } from './send-dynamo.ts';

export async function handler(groups: CallGroups): Promise<void> {
  for (const calls of groups) await Promise.all(calls.map(sendDynamo));
}
