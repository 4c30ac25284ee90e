import type { DeliveryQueue } from '@afterimage/job-core';
import type { DeliveryMessage } from '@afterimage/job-schemas';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { callAws } from './aws-errors.ts';
import { asciiJson } from './message-format.ts';

/** Delivery attempts on the notifications queue. */
export class SqsDeliveryQueue implements DeliveryQueue {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  async send(message: DeliveryMessage, delaySeconds: number): Promise<void> {
    const command = new SendMessageCommand({
      QueueUrl: this.#queueUrl,
      MessageBody: asciiJson(message),
      DelaySeconds: delaySeconds,
    });
    await callAws('the notifications queue', () => this.#client.send(command));
  }
}
