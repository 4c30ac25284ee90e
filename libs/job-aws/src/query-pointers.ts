import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { callAws } from './aws-errors.ts';
import type { ItemKey } from './job-table.ts';

type Item = Readonly<Record<string, unknown>>;

export interface PointerQuery {
  /** The partition of the items that name others. */
  readonly pk: string;
  readonly skPrefix: string;
  /** The key of the item that one of them names. */
  readonly keyOf: (pointer: Item) => ItemKey;
  /** Names read; every one unless given. */
  readonly limit?: number;
  /** Sort key of the last name of the page before. */
  readonly after?: string;
}

const pointerSchema = z.looseObject({ sk: z.string() });

/** What the names of a partition lead to, in their order and strongly consistent; a name that leads nowhere is passed over. */
export async function queryPointers(
  client: DynamoDBDocumentClient,
  tableName: string,
  { pk, skPrefix, keyOf, limit, after }: PointerQuery,
): Promise<{ readonly found: readonly Item[]; readonly lastSk: string | null }> {
  const pointers: z.infer<typeof pointerSchema>[] = [];
  let from: Item | undefined = after === undefined ? undefined : { pk, sk: after };
  let isLastPage = false;
  do {
    const query = new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': pk, ':prefix': skPrefix },
      ConsistentRead: true,
      ExclusiveStartKey: from,
      ...(limit === undefined ? {} : { Limit: limit - pointers.length }),
    });
    const page = await callAws('the jobs table', () => client.send(query));
    pointers.push(...(page.Items ?? []).map((item) => pointerSchema.parse(item)));
    from = page.LastEvaluatedKey;
    isLastPage = from === undefined;
  } while (!isLastPage && (limit === undefined || pointers.length < limit));
  const items = await Promise.all(
    pointers.map(async (pointer) => {
      const get = new GetCommand({ TableName: tableName, Key: keyOf(pointer), ConsistentRead: true });
      return (await callAws('the jobs table', () => client.send(get))).Item;
    }),
  );
  return {
    found: items.filter((item) => item !== undefined),
    lastSk: isLastPage ? null : (pointers.at(-1)?.sk ?? null),
  };
}
