import type { AwsClientOptions } from '@afterimage/job-aws';
import { REGION } from './lambda/definition.ts';
import type { Emulators } from './emulators/emulators.ts';

export interface AwsEndpoints {
  readonly dynamodb: string;
  readonly sqs: string;
  readonly sns: string;
  readonly s3: string;
}

/** The emulators take any signature, so these keep nobody out; they only satisfy the SDK. */
const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' } as const;

export function endpointsOf({ dynamodb, messaging }: Pick<Emulators, 'dynamodb' | 'messaging'>): AwsEndpoints {
  return { dynamodb, sqs: messaging, sns: messaging, s3: messaging };
}

/** Options of the clients of `@afterimage/job-aws`, for one of the endpoints. */
export function clientOptions(endpoint: string): AwsClientOptions {
  return { endpoint, region: REGION, credentials: CREDENTIALS };
}

/** What the SDK itself reads from the environment. */
export function awsVariables(endpoints: AwsEndpoints, xray?: string): Record<string, string> {
  return {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_SQS: endpoints.sqs,
    AWS_ENDPOINT_URL_SNS: endpoints.sns,
    AWS_ENDPOINT_URL_S3: endpoints.s3,
    ...(xray === undefined ? {} : { AWS_ENDPOINT_URL_XRAY: xray }),
  };
}
