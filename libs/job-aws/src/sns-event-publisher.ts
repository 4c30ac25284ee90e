import type { BatchEventPublisher, EventPublisher } from '@afterimage/job-core';
import type { BatchEvent, JobEvent } from '@afterimage/job-schemas';
import type { SNSClient } from '@aws-sdk/client-sns';
import { PublishCommand } from '@aws-sdk/client-sns';
import { callAws } from './aws-errors.ts';
import { asciiJson, stringAttributes } from './message-format.ts';

/** CloudEvents on the `job-events` topic; subscribers filter by the attributes. */
export class SnsEventPublisher implements EventPublisher, BatchEventPublisher {
  readonly #client: SNSClient;
  readonly #topicArn: string;

  constructor(client: SNSClient, topicArn: string) {
    this.#client = client;
    this.#topicArn = topicArn;
  }

  async publish(event: JobEvent): Promise<void> {
    const { pool, status, model } = event.data.job;
    await this.#send(event, { pool, status, model });
  }

  async publishBatchEvent(event: BatchEvent): Promise<void> {
    await this.#send(event, { status: event.data.batch.status });
  }

  async #send(event: JobEvent | BatchEvent, attributes: Readonly<Record<string, string>>): Promise<void> {
    const { type, tenantid: tenant, traceparent } = event;
    const command = new PublishCommand({
      TopicArn: this.#topicArn,
      Message: asciiJson(event),
      MessageAttributes: stringAttributes({ type, tenant, traceparent, ...attributes }),
    });
    await callAws('the job-events topic', () => this.#client.send(command));
  }
}
