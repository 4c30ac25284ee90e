import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import {
  createDynamoClient,
  createS3Client,
  createSqsClient,
  DynamoBatchStore,
  DynamoJobStore,
} from '@afterimage/job-aws';
import { type LocalStack, type LocalStackOptions, startLocalStack } from '@afterimage/local-stack';
import { Client } from './client.ts';
import { secretsInLogs } from './log-secrets.ts';

const CREDENTIALS = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

/** The stack under test, with what a test looks at behind the API's back. */
export interface TestStack {
  readonly stack: LocalStack;
  readonly client: Client;
  readonly jobs: DynamoJobStore;
  readonly batches: DynamoBatchStore;
  readonly sqs: ReturnType<typeof createSqsClient>;
  /** Keys of the objects under a prefix of the outputs bucket. */
  objects(prefix: string): Promise<string[]>;
  stop(): Promise<void>;
}

/** A stack in memory on free ports; it ends with `stop`. */
export async function startTestStack(options: LocalStackOptions = {}): Promise<TestStack> {
  const stack = await startLocalStack({ persistence: 'memory', reconcileIntervalMs: 500, ...options });
  const { awsEndpoints, resources } = stack;
  const s3 = createS3Client({ endpoint: awsEndpoints.s3, ...CREDENTIALS });
  const sqs = createSqsClient({ endpoint: awsEndpoints.sqs, ...CREDENTIALS });
  const dynamo = createDynamoClient({ endpoint: awsEndpoints.dynamodb, ...CREDENTIALS });
  return {
    stack,
    client: new Client(stack),
    jobs: new DynamoJobStore(dynamo, resources.table),
    batches: new DynamoBatchStore(dynamo, resources.table),
    sqs,
    objects: async (prefix) => {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: resources.bucket, Prefix: prefix }));
      return Contents.map(({ Key = '' }) => Key);
    },
    stop: async () => {
      for (const client of [s3, sqs, dynamo]) client.destroy();
      const secrets = secretsInLogs(stack.logs);
      await stack.stop();
      if (secrets.length > 0) throw new Error(`the logs of this run are not clean: ${secrets.join(', ')}`);
    },
  };
}
