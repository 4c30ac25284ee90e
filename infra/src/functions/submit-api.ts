import type { Construct } from 'constructs';
import type { submitApiEnv } from '@afterimage/app-config';
import { AppFunction, type EnvironmentOf } from '../constructs/app-function.ts';
import { POOLS_FILE } from '../constructs/pools-layer.ts';
import { grantAccess } from '../constructs/grant.ts';
import { ACCESS } from './access.ts';
import { API_TIMEOUT_SECONDS, type ApiBackendProps } from './api-backend.ts';

/** Takes jobs and uploads. */
export function submitApi(scope: Construct, { context, data, apiUrl, poolsLayer }: ApiBackendProps): AppFunction {
  const { jobTable, buckets, topics } = data;
  const environment: EnvironmentOf<typeof submitApiEnv> = {
    JOB_TABLE: jobTable.tableName,
    JOB_REQUESTS_TOPIC_ARN: topics.jobRequests.topicArn,
    JOB_EVENTS_TOPIC_ARN: topics.jobEvents.topicArn,
    API_URL: apiUrl,
    INPUT_BUCKET: buckets.inputs.bucketName,
    OUTPUT_BUCKET: buckets.outputs.bucketName,
    POOLS_FILE,
  };
  const submit = new AppFunction(scope, 'SubmitApi', {
    context,
    name: 'submit-api',
    description: 'Takes jobs and uploads',
    environment,
    timeoutSeconds: API_TIMEOUT_SECONDS,
    memoryMb: 512,
    layers: [poolsLayer],
  });
  grantAccess(submit.role, data, ACCESS['submit-api']);
  return submit;
}
