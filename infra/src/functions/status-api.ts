import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { statusApiEnv } from '@afterimage/app-config';
import { AppFunction, type EnvironmentOf } from '../constructs/app-function.ts';
import { POOLS_FILE } from '../constructs/pools-layer.ts';
import { allowItems } from '../constructs/table-access.ts';
import { resourceName } from '../stage-context.ts';
import { API_TIMEOUT_SECONDS, type ApiBackendProps } from './api-backend.ts';

/** Tells of jobs, models and limits; cancels and erases jobs. */
export function statusApi(scope: Construct, { context, data, apiUrl, poolsLayer }: ApiBackendProps): AppFunction {
  const { jobTable, buckets, topics } = data;
  const cursorSecret = new Secret(scope, 'CursorSecret', {
    secretName: resourceName(context.config, 'cursor-secret'),
    description: 'Key of the MAC over list cursors',
    generateSecretString: { passwordLength: 48, excludePunctuation: true },
  });
  const environment: EnvironmentOf<typeof statusApiEnv> = {
    JOB_TABLE: jobTable.tableName,
    OUTPUT_BUCKET: buckets.outputs.bucketName,
    JOB_EVENTS_TOPIC_ARN: topics.jobEvents.topicArn,
    API_URL: apiUrl,
    POOLS_FILE,
    // Resolved by CloudFormation and encrypted by Lambda: the function needs no right to read secrets, and no call.
    CURSOR_SECRET: cursorSecret.secretValue.unsafeUnwrap(),
  };
  const status = new AppFunction(scope, 'StatusApi', {
    context,
    name: 'status-api',
    description: 'Tells of jobs, models and limits; cancels and erases jobs',
    environment,
    timeoutSeconds: API_TIMEOUT_SECONDS,
    memoryMb: 512,
    layers: [poolsLayer],
  });
  allowItems(status, jobTable, ['GetItem', 'UpdateItem', 'Query'], ['byTenant', 'byTenantStatus']);
  topics.jobEvents.grantPublish(status.role);
  status.allow(['s3:ListBucket'], [buckets.outputs.bucketArn]);
  status.allow(['s3:GetObject', 's3:DeleteObject'], [buckets.outputs.arnForObjects('*')]);
  return status;
}
