import { SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { createS3Client, createSnsClient, createSqsClient, S3OutputStore, SqsMessageQueue } from '@afterimage/job-aws';
import { waitFor } from '@afterimage/testing';
import type { LocalStack } from '@afterimage/local-stack';

const CREDENTIALS = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
const LIMITS = { max: 10, waitSeconds: 1, visibilitySeconds: 600 };

/** The callbacks of the `legacy-results` topic as a client of the guidance gets them, and the files that they name. */
export async function followLegacyResults({ awsEndpoints, resources }: LocalStack) {
  const sns = createSnsClient({ endpoint: awsEndpoints.sns, ...CREDENTIALS });
  const sqs = createSqsClient({ endpoint: awsEndpoints.sqs, ...CREDENTIALS });
  const s3 = createS3Client({ endpoint: awsEndpoints.s3, ...CREDENTIALS });
  const outputs = new S3OutputStore(s3, resources.bucket);
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'callbacks' }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  await sns.send(
    new SubscribeCommand({
      TopicArn: resources.topics.legacyResults,
      Protocol: 'sqs',
      Endpoint: Attributes?.QueueArn,
      Attributes: { RawMessageDelivery: 'true' },
    }),
  );
  const queue = new SqsMessageQueue(sqs, QueueUrl);
  const texts: string[] = [];

  return {
    /** The text of the message of a task in a state; `count` is how many there have to be by then. */
    async callback(id: string, status: 'running' | 'completed' | 'failed', count = 1): Promise<string> {
      const isMeant = (text: string) => {
        const message = JSON.parse(text);
        return message.id === id && message.status === status;
      };
      const look = async () => {
        const received = await queue.receive({ ...LIMITS, signal: AbortSignal.timeout(10_000) });
        texts.push(...received.map(({ body }) => body));
        return texts.filter(isMeant)[count - 1];
      };
      return waitFor(look, { timeoutMs: 60_000, intervalMs: 20, what: `the callback ${status} of ${id}` });
    },
    /** The bytes of an object at `s3://bucket/key`. */
    async object(address: string): Promise<Buffer> {
      const key = address.slice(`s3://${resources.bucket}/`.length);
      const body = await outputs.get(key, { maxBytes: 10_000_000, signal: AbortSignal.timeout(10_000) });
      if (body === undefined) throw new Error(`there is nothing at ${address}`);
      return Buffer.from(body);
    },
    stop(): void {
      for (const client of [sns, sqs, s3]) client.destroy();
    },
  };
}
export type LegacyResults = Awaited<ReturnType<typeof followLegacyResults>>;
