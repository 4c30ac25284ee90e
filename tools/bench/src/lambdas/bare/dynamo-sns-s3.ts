import { S3Client } from '@aws-sdk/client-s3';
import { handler as send } from './dynamo-sns.ts';

/** Signs and erases: nothing that an invocation of the benchmark does. */
export const s3 = new S3Client({ maxAttempts: 3 });
export const handler = send;
