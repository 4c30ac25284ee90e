import type { Construct } from 'constructs';
import type { waitApiEnv } from '@afterimage/app-config';
import { AppFunction, type EnvironmentOf } from '../constructs/app-function.ts';
import { grantAccess } from '../constructs/grant.ts';
import { ACCESS } from './access.ts';
import type { ApiBackendProps } from './api-backend.ts';

/** Lambda's longest; a stream ends by itself a minute before. */
const TIMEOUT_SECONDS = 900;

/** Answers for one job, at once or when it has changed, and streams its events. */
export function waitApi(scope: Construct, { context, data, apiUrl }: ApiBackendProps): AppFunction {
  const { jobTable, buckets } = data;
  const environment: EnvironmentOf<typeof waitApiEnv> = {
    JOB_TABLE: jobTable.tableName,
    OUTPUT_BUCKET: buckets.outputs.bucketName,
    API_URL: apiUrl,
  };
  const wait = new AppFunction(scope, 'WaitApi', {
    context,
    name: 'wait-api',
    description: 'Waits for jobs, and streams their events',
    environment,
    timeoutSeconds: TIMEOUT_SECONDS,
    // It waits most of the time, and each waiting client has one of its own.
    memoryMb: 256,
  });
  grantAccess(wait.role, data, ACCESS['wait-api']);
  return wait;
}
