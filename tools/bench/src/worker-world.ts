import { createDynamoClient, createTableInput, DynamoJobStore } from '@afterimage/job-aws';
import type { JobRecord } from '@afterimage/job-schemas';
import { aJobMessage } from '@afterimage/testing';
import { startEmbeddedAws } from '@afterimage/testing/embedded-aws';
import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { startDelayProxy } from './worker-delay-proxy.ts';

/** The embedded AWS with the queues of one pool, and what is counted of the calls that a worker makes. */
export async function startWorld(delayMs: number) {
  const aws = await startEmbeddedAws();
  const [dynamo, rest] = await Promise.all([
    startDelayProxy(aws.endpoints.dynamodb, delayMs),
    startDelayProxy(aws.endpoints.sqs, delayMs),
  ]);
  const table = await aws.createTable(createTableInput('jobs'));
  const bucket = await aws.createBucket('outputs');
  const requests = await aws.createTopic('job-requests');
  const eventTopic = await aws.createTopic('job-events');
  const interactive = await aws.createQueue('interactive');
  const batch = await aws.createQueue('batch');
  const jobs = new DynamoJobStore(createDynamoClient(aws.options.dynamodb), table);

  return {
    env: {
      ...aws.env,
      AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
      AWS_ENDPOINT_URL_SQS: rest.url,
      AWS_ENDPOINT_URL_SNS: rest.url,
      AWS_ENDPOINT_URL_S3: rest.url,
      JOB_TABLE: table,
      OUTPUT_BUCKET: bucket,
      INPUT_BUCKET: bucket,
      JOB_REQUESTS_TOPIC_ARN: requests,
      JOB_EVENTS_TOPIC_ARN: eventTopic,
      API_URL: 'http://127.0.0.1:4000',
      POOL: 'local',
      INTERACTIVE_QUEUE_URL: interactive.url,
      BATCH_QUEUE_URL: batch.url,
    },
    /** Puts a job where submit-api and the topic would have put it. */
    async submit(job: JobRecord): Promise<void> {
      await jobs.create(job);
      const MessageBody = JSON.stringify(aJobMessage(job));
      await aws.clients.sqs.send(new SendMessageCommand({ QueueUrl: interactive.url, MessageBody }));
    },
    /** Messages that are not deleted yet. */
    async messages(): Promise<number> {
      const { Attributes } = await aws.clients.sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: interactive.url, AttributeNames: ['All'] }),
      );
      return (
        Number(Attributes?.ApproximateNumberOfMessages) +
        Number(Attributes?.ApproximateNumberOfMessagesNotVisible) +
        Number(Attributes?.ApproximateNumberOfMessagesDelayed)
      );
    },
    /** The job as it is, without a call that is counted. */
    job: (id: string) => jobs.get(id),
    calls: (): ReadonlyMap<string, number> => new Map([...dynamo.calls, ...rest.calls]),
    async stop(): Promise<void> {
      await Promise.all([dynamo.stop(), rest.stop()]);
      await aws.stop();
    },
  };
}
