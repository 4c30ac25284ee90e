import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { JOB_TABLE } from '@afterimage/job-aws/job-table';
import type { AppFunction } from './app-function.ts';

export type TableIndex = keyof typeof JOB_TABLE.indexes;
type ItemAction = 'GetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'Query';

/** Allows these actions on items of the table, and queries of these indexes. CDK's own grants include every index. */
export function allowItems(
  app: AppFunction,
  table: ITableV2,
  actions: readonly ItemAction[],
  indexes: readonly TableIndex[] = [],
): void {
  app.allow(
    actions.map((action) => `dynamodb:${action}`),
    [table.tableArn],
  );
  if (indexes.length === 0) return;
  const names = indexes.map((index) => JOB_TABLE.indexes[index].name);
  app.allow(
    ['dynamodb:Query'],
    names.map((name) => `${table.tableArn}/index/${name}`),
  );
}
