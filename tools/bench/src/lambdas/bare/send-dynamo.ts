import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Call } from '../call.ts';

const COMMANDS = {
  BatchGetItem: BatchGetItemCommand,
  DeleteItem: DeleteItemCommand,
  GetItem: GetItemCommand,
  PutItem: PutItemCommand,
  Query: QueryCommand,
  UpdateItem: UpdateItemCommand,
};

const client = new DynamoDBClient({ maxAttempts: 3 });

export async function sendDynamo({ operation, input }: Call): Promise<void> {
  const Command = Reflect.get(COMMANDS, operation);
  try {
    await client.send(new Command(input));
  } catch (error) {
    // The function's own call may have been refused in the same way.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
