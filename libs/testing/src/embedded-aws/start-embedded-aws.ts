import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Emulator } from './emulators.ts';
import { startDynamo, startMessagingAndStorage } from './emulators.ts';
import type { AwsService, Endpoints } from './endpoints.ts';
import { AWS_SERVICES, CREDENTIALS, REGION, sdkEnvironment } from './endpoints.ts';

export interface EmbeddedQueue {
  readonly url: string;
  readonly arn: string;
}

/** What a client of one service is made with: `createSqsClient(aws.options.sqs)`. */
export interface EmbeddedClientOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface EmbeddedAws {
  readonly endpoints: Endpoints;
  /** For a process, or a handler under test, that makes its own clients. */
  readonly env: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<AwsService, EmbeddedClientOptions>>;
  readonly clients: {
    readonly dynamodb: DynamoDBClient;
    readonly sqs: SQSClient;
    readonly sns: SNSClient;
    readonly s3: S3Client;
  };
  /** Creates a table, `createTableInput(name)` of job-aws for the jobs table, and yields its name. */
  createTable(input: CreateTableCommandInput): Promise<string>;
  createQueue(name: string, attributes?: Readonly<Record<string, string>>): Promise<EmbeddedQueue>;
  /** Yields the ARN of the topic. */
  createTopic(name: string): Promise<string>;
  /** Raw delivery, as everywhere in the product. Without a filter policy the queue gets every message. */
  subscribe(
    topicArn: string,
    queueArn: string,
    filterPolicy?: Readonly<Record<string, readonly string[]>>,
  ): Promise<void>;
  /** Yields the name of the bucket. */
  createBucket(name: string): Promise<string>;
  stop(): Promise<void>;
}

/** A free name for a resource, so that tests that share an endpoint do not meet. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${crypto.randomUUID().slice(0, 13)}`;
}

/**
 * DynamoDB, SQS, SNS and S3 in this process, in memory.
 * @param given endpoints to use instead of an emulator; nothing is started for them
 */
export async function startEmbeddedAws(given: Partial<Endpoints> = {}): Promise<EmbeddedAws> {
  const emulators: Emulator[] = [];
  const start = async (emulator: Promise<Emulator>) => {
    emulators.push(await emulator);
    return (await emulator).endpoint;
  };
  const dynamodb = given.dynamodb ?? (await start(startDynamo()));
  const needsRest = given.sqs === undefined || given.sns === undefined || given.s3 === undefined;
  const rest = needsRest ? await start(startMessagingAndStorage()) : '';
  const endpoints = { dynamodb, sqs: given.sqs ?? rest, sns: given.sns ?? rest, s3: given.s3 ?? rest };
  const optionsOf = (service: AwsService) => ({
    endpoint: endpoints[service],
    region: REGION,
    credentials: CREDENTIALS,
  });
  const options = {
    dynamodb: optionsOf('dynamodb'),
    sqs: optionsOf('sqs'),
    sns: optionsOf('sns'),
    s3: optionsOf('s3'),
  };
  const clients = {
    dynamodb: new DynamoDBClient(options.dynamodb),
    sqs: new SQSClient({ ...options.sqs, useQueueUrlAsEndpoint: false }),
    sns: new SNSClient(options.sns),
    s3: new S3Client(options.s3),
  };

  return {
    endpoints,
    env: sdkEnvironment(endpoints),
    options,
    clients,
    async createTable(input) {
      await clients.dynamodb.send(new CreateTableCommand(input));
      const waiter = { client: clients.dynamodb, maxWaitTime: 30, minDelay: 1, maxDelay: 1 };
      await waitUntilTableExists(waiter, { TableName: input.TableName });
      return String(input.TableName);
    },
    async createQueue(name, attributes = {}) {
      const { QueueUrl: url = '' } = await clients.sqs.send(
        new CreateQueueCommand({ QueueName: name, Attributes: { ...attributes } }),
      );
      const { Attributes } = await clients.sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
      );
      return { url, arn: Attributes?.QueueArn ?? '' };
    },
    async createTopic(name) {
      const { TopicArn = '' } = await clients.sns.send(new CreateTopicCommand({ Name: name }));
      return TopicArn;
    },
    async subscribe(topicArn, queueArn, filterPolicy) {
      const filter = filterPolicy === undefined ? {} : { FilterPolicy: JSON.stringify(filterPolicy) };
      await clients.sns.send(
        new SubscribeCommand({
          TopicArn: topicArn,
          Protocol: 'sqs',
          Endpoint: queueArn,
          Attributes: { RawMessageDelivery: 'true', ...filter },
        }),
      );
    },
    async createBucket(name) {
      await clients.s3.send(new CreateBucketCommand({ Bucket: name }));
      return name;
    },
    async stop() {
      for (const service of AWS_SERVICES) clients[service].destroy();
      await Promise.all(emulators.map((emulator) => emulator.stop()));
    },
  };
}
