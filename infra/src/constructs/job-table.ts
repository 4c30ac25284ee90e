import { AttributeType, Billing, ProjectionType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { JOB_TABLE } from '@afterimage/job-aws/job-table';
import { dataRemoval, resourceName, type StageContext } from '../stage-context.ts';

const PROJECTION = { ALL: ProjectionType.ALL, KEYS_ONLY: ProjectionType.KEYS_ONLY } as const;

function keyOf(name: string) {
  return { name, type: AttributeType.STRING };
}

/** The single table, as the adapters know it: paid by request, with point-in-time recovery and time to live. */
export function jobTable(scope: Construct, id: string, { config }: StageContext): TableV2 {
  return new TableV2(scope, id, {
    tableName: resourceName(config, 'jobs'),
    partitionKey: keyOf(JOB_TABLE.partitionKey),
    sortKey: keyOf(JOB_TABLE.sortKey),
    timeToLiveAttribute: JOB_TABLE.timeToLive,
    billing: Billing.onDemand(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: !config.deletable,
    removalPolicy: dataRemoval(config),
    globalSecondaryIndexes: Object.values(JOB_TABLE.indexes).map((index) => ({
      indexName: index.name,
      partitionKey: keyOf(index.partitionKey),
      sortKey: keyOf(index.sortKey),
      projectionType: PROJECTION[index.projection],
    })),
  });
}
