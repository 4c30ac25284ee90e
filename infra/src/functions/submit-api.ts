import type { Construct } from 'constructs';
import type { submitApiEnv } from '@afterimage/app-config';
import { AppFunction, type EnvironmentOf } from '../constructs/app-function.ts';
import { POOLS_FILE } from '../constructs/pools-layer.ts';
import { allowItems } from '../constructs/table-access.ts';
import { API_TIMEOUT_SECONDS, UPLOADS, type ApiBackendProps } from './api-backend.ts';

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
  allowItems(submit, jobTable, ['GetItem', 'PutItem', 'UpdateItem', 'Query'], ['byTenant', 'byTenantStatus']);
  topics.jobRequests.grantPublish(submit.role);
  topics.jobEvents.grantPublish(submit.role);
  // Without the right to list, S3 answers 403 to a question about an object that is not there.
  submit.allow(['s3:ListBucket'], [buckets.inputs.bucketArn]);
  submit.allow(['s3:GetObject', 's3:PutObject'], [buckets.inputs.arnForObjects(UPLOADS)]);
  // For the signed URLs of a result that the client waited for: they can do what their signer can.
  submit.allow(['s3:GetObject'], [buckets.outputs.arnForObjects('*')]);
  return submit;
}
