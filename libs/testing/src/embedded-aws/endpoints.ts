export type AwsService = 'dynamodb' | 'sqs' | 'sns' | 's3';

export type Endpoints = Readonly<Record<AwsService, string>>;

export const AWS_SERVICES = ['dynamodb', 'sqs', 'sns', 's3'] as const satisfies readonly AwsService[];

/**
 * Endpoints of other implementations to run the contract suites against, from `CONTRACT_DYNAMODB_ENDPOINT`,
 * `CONTRACT_SQS_ENDPOINT`, `CONTRACT_SNS_ENDPOINT` and `CONTRACT_S3_ENDPOINT`. SQS and SNS go together, as the one
 * delivers to the other.
 */
export function contractEndpoints(env: Readonly<Record<string, string | undefined>>): Partial<Endpoints> {
  const endpoints: Partial<Record<AwsService, string>> = {};
  for (const service of AWS_SERVICES) {
    const endpoint = env[`CONTRACT_${service.toUpperCase()}_ENDPOINT`];
    if (endpoint !== undefined && endpoint !== '') endpoints[service] = endpoint;
  }
  return endpoints;
}

export const REGION = 'us-east-1';
export const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local-secret' } as const;

/** The environment by which the AWS SDK finds the endpoints. */
export function sdkEnvironment(endpoints: Endpoints): Record<string, string> {
  const urls = AWS_SERVICES.map((service) => [`AWS_ENDPOINT_URL_${service.toUpperCase()}`, endpoints[service]]);
  return {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    ...Object.fromEntries(urls),
  };
}
