import { isDeepStrictEqual } from 'node:util';
import {
  CreateTableCommand,
  DescribeTableCommand,
  ResourceNotFoundException,
  waitUntilTableExists,
  type DynamoDBClient,
  type KeySchemaElement,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { createTableInput } from '@afterimage/job-aws';

const CREATE_TIMEOUT_SECONDS = 10;

interface Shape {
  readonly keys: readonly KeySchemaElement[] | undefined;
  readonly indexes: Readonly<Record<string, unknown>>;
}

function shapeOf(table: Pick<TableDescription, 'KeySchema' | 'GlobalSecondaryIndexes'>): Shape {
  const indexes = (table.GlobalSecondaryIndexes ?? []).map(
    ({ IndexName, KeySchema, Projection }) => [IndexName ?? '', { KeySchema, Projection }] as const,
  );
  return { keys: table.KeySchema, indexes: Object.fromEntries(indexes) };
}

async function describe(client: DynamoDBClient, tableName: string): Promise<TableDescription | undefined> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
    return Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/**
 * Creates the jobs table unless it is there.
 * @throws Error when it is there with other keys or indexes
 */
export async function ensureTable(client: DynamoDBClient, tableName: string): Promise<void> {
  const input = createTableInput(tableName);
  const existing = await describe(client, tableName);
  if (existing === undefined) {
    await client.send(new CreateTableCommand(input));
    await waitUntilTableExists({ client, maxWaitTime: CREATE_TIMEOUT_SECONDS, minDelay: 1 }, { TableName: tableName });
    return;
  }
  if (!isDeepStrictEqual(shapeOf(existing), shapeOf(input as TableDescription))) {
    throw new Error(`the table ${tableName} was made by another version; forget the state with: npm start -- --fresh`);
  }
}
