import { SQSClient } from '@aws-sdk/client-sqs';

export { handler, s3 } from './dynamo-sns-s3.ts';
export const sqs = new SQSClient({ maxAttempts: 3, useQueueUrlAsEndpoint: false });
