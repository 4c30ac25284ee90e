import { type DynamoDBDocumentClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { callAws } from './aws-errors.ts';

/**
 * Every item that a query finds, page after page; a page is read when the one before it is used up.
 * @throws as {@link callAws}
 */
export async function* queryItems(
  client: DynamoDBDocumentClient,
  query: Omit<QueryCommandInput, 'ExclusiveStartKey'>,
): AsyncGenerator<Record<string, unknown>, void> {
  let from: QueryCommandInput['ExclusiveStartKey'];
  do {
    const command: QueryCommand = new QueryCommand({ ...query, ExclusiveStartKey: from });
    const page = await callAws('the jobs table', () => client.send(command));
    yield* page.Items ?? [];
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
}
