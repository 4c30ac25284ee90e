import type { MessageQueue, MessageToSend, ReceivedMessage } from '@afterimage/job-core';
import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { callAws } from './aws-errors.ts';
import { stringAttributes } from './message-format.ts';

/** Time that a long poll may take beyond its wait: the client's own timeout is made for short calls. */
const ANSWER_MS = 5000;

function toReceived(message: Message): ReceivedMessage {
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    receiveCount: Number(message.Attributes?.ApproximateReceiveCount ?? 1),
    traceparent: message.MessageAttributes?.traceparent?.StringValue ?? null,
    awsTraceHeader: message.Attributes?.AWSTraceHeader ?? null,
  };
}

/** SQS tells of a handle that is not valid any more by three names, one of which also tells of a wrong number of seconds. */
export function isNotInFlight({ name, message }: Pick<Error, 'name' | 'message'>): boolean {
  if (name === 'InvalidParameterValue') return /ReceiptHandle|does not exist/i.test(message);
  return name === 'ReceiptHandleIsInvalid' || name === 'MessageNotInflight';
}

/** One SQS queue. Only `receive` can be aborted: what settles a message always runs to its end. */
export class SqsMessageQueue implements MessageQueue {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  async receive(options: Parameters<MessageQueue['receive']>[0]): Promise<ReceivedMessage[]> {
    const { max, waitSeconds, visibilitySeconds, signal } = options;
    const command = new ReceiveMessageCommand({
      QueueUrl: this.#queueUrl,
      MaxNumberOfMessages: max,
      WaitTimeSeconds: waitSeconds,
      VisibilityTimeout: visibilitySeconds,
      MessageSystemAttributeNames: ['ApproximateReceiveCount', 'AWSTraceHeader'],
      MessageAttributeNames: ['traceparent'],
    });
    const requestTimeout = waitSeconds * 1000 + ANSWER_MS;
    try {
      const { Messages = [] } = await callAws('the queue', () =>
        this.#client.send(command, { abortSignal: signal, requestTimeout }),
      );
      return Messages.map(toReceived);
    } catch (error) {
      if (signal.aborted) return [];
      throw error;
    }
  }

  async delete(receiptHandle: string): Promise<void> {
    const command = new DeleteMessageCommand({ QueueUrl: this.#queueUrl, ReceiptHandle: receiptHandle });
    try {
      await callAws('the queue', () => this.#client.send(command));
    } catch (error) {
      if (!(error instanceof Error) || !isNotInFlight(error)) throw error;
    }
  }

  async sendLater({ body, traceparent, groupId }: MessageToSend, delaySeconds: number): Promise<void> {
    const command = new SendMessageCommand({
      QueueUrl: this.#queueUrl,
      MessageBody: body,
      MessageAttributes: stringAttributes({ traceparent }),
      MessageGroupId: groupId,
      DelaySeconds: delaySeconds,
    });
    await callAws('the queue', () => this.#client.send(command));
  }

  async changeVisibility(receiptHandle: string, seconds: number): Promise<boolean> {
    const command = new ChangeMessageVisibilityCommand({
      QueueUrl: this.#queueUrl,
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: seconds,
    });
    try {
      await callAws('the queue', () => this.#client.send(command));
      return true;
    } catch (error) {
      if (error instanceof Error && isNotInFlight(error)) return false;
      throw error;
    }
  }
}
