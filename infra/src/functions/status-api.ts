import type { Construct } from 'constructs';
import type { statusApiEnv } from '@afterimage/app-config';
import { AppFunction, type EnvironmentOf } from '../constructs/app-function.ts';
import { POOLS_FILE } from '../constructs/pools-layer.ts';
import { grantAccess } from '../constructs/grant.ts';
import { ACCESS } from './access.ts';
import { API_TIMEOUT_SECONDS, type ApiBackendProps } from './api-backend.ts';

/** Tells of jobs, models and limits; cancels and erases jobs. */
export function statusApi(
  scope: Construct,
  { context, data, apiUrl, poolsLayer, cursorSecret }: ApiBackendProps,
): AppFunction {
  const { jobTable, buckets, topics } = data;
  const environment: EnvironmentOf<typeof statusApiEnv> = {
    JOB_TABLE: jobTable.tableName,
    OUTPUT_BUCKET: buckets.outputs.bucketName,
    JOB_EVENTS_TOPIC_ARN: topics.jobEvents.topicArn,
    API_URL: apiUrl,
    POOLS_FILE,
    CURSOR_SECRET: cursorSecret,
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
  grantAccess(status.role, data, ACCESS['status-api']);
  return status;
}
