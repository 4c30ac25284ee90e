import { callAws, stringAttributes } from '@afterimage/job-aws';
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { HeldMessage, OperatorQueues, QueueDepth } from './operator-queues.ts';

const MAX_MESSAGES = 10;
/** SQS asks all of its servers only in a long poll; a short one can find a queue empty that is not. */
const WAIT_SECONDS = 1;
const redriveSchema = z.object({ deadLetterTargetArn: z.string() });

function deadLetterQueueOf(policy: string | undefined): string | null {
  if (policy === undefined || policy === '') return null;
  return redriveSchema.parse(JSON.parse(policy)).deadLetterTargetArn.split(':').at(-1) ?? null;
}

function toHeld({ MessageId, ReceiptHandle, Body, Attributes = {}, MessageAttributes = {} }: Message): HeldMessage {
  const { SentTimestamp, ApproximateReceiveCount, MessageGroupId } = Attributes;
  const attributes = Object.entries(MessageAttributes).flatMap(([name, { StringValue }]) =>
    StringValue === undefined ? [] : [[name, StringValue] as const],
  );
  return {
    messageId: MessageId ?? '',
    receiptHandle: ReceiptHandle ?? '',
    body: Body ?? '',
    sentAt: SentTimestamp === undefined ? null : new Date(Number(SentTimestamp)).toISOString(),
    receiveCount: Number(ApproximateReceiveCount ?? 1),
    attributes: Object.fromEntries(attributes),
    groupId: MessageGroupId ?? null,
  };
}

/** SQS queues as an operator uses them. */
export class SqsOperatorQueues implements OperatorQueues {
  readonly #client: SQSClient;

  constructor(client: SQSClient) {
    this.#client = client;
  }

  async depth(QueueUrl: string): Promise<QueueDepth> {
    const command = new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
        'RedrivePolicy',
      ],
    });
    const { Attributes = {} } = await callAws('the queue', () => this.#client.send(command));
    return {
      visible: Number(Attributes['ApproximateNumberOfMessages'] ?? 0),
      inFlight: Number(Attributes['ApproximateNumberOfMessagesNotVisible'] ?? 0),
      delayed: Number(Attributes['ApproximateNumberOfMessagesDelayed'] ?? 0),
      deadLetterQueue: deadLetterQueueOf(Attributes['RedrivePolicy']),
    };
  }

  async hold(QueueUrl: string, seconds: number): Promise<HeldMessage[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: MAX_MESSAGES,
      WaitTimeSeconds: WAIT_SECONDS,
      VisibilityTimeout: seconds,
      MessageSystemAttributeNames: ['SentTimestamp', 'ApproximateReceiveCount', 'MessageGroupId'],
      MessageAttributeNames: ['All'],
    });
    const { Messages = [] } = await callAws('the queue', () => this.#client.send(command));
    return Messages.map(toHeld);
  }

  async release(QueueUrl: string, messages: readonly HeldMessage[]): Promise<void> {
    if (messages.length === 0) return;
    const command = new ChangeMessageVisibilityBatchCommand({
      QueueUrl,
      Entries: messages.map(({ receiptHandle }, index) => ({
        Id: String(index),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: 0,
      })),
    });
    // One that is not held any more is visible already.
    await callAws('the queue', () => this.#client.send(command));
  }

  async delete(QueueUrl: string, { receiptHandle }: HeldMessage): Promise<void> {
    const command = new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receiptHandle });
    await callAws('the queue', () => this.#client.send(command));
  }

  async send(QueueUrl: string, message: Parameters<OperatorQueues['send']>[1]): Promise<void> {
    const { body, attributes, groupId } = message;
    const command = new SendMessageCommand({
      QueueUrl,
      MessageBody: body,
      MessageAttributes: stringAttributes(attributes),
      ...(groupId === null ? {} : { MessageGroupId: groupId }),
    });
    await callAws('the queue', () => this.#client.send(command));
  }
}
