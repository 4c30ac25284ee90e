import type { EventPublisher } from '@afterimage/job-core';
import type { JobEvent } from '@afterimage/job-schemas';
import type { SNSClient } from '@aws-sdk/client-sns';
import { PublishCommand } from '@aws-sdk/client-sns';
import { callAws } from './aws-errors.ts';
import { asciiJson, stringAttributes } from './message-format.ts';

/** CloudEvents on the `job-events` topic; subscribers filter by the attributes. */
export class SnsEventPublisher implements EventPublisher {
  readonly #client: SNSClient;
  readonly #topicArn: string;

  constructor(client: SNSClient, topicArn: string) {
    this.#client = client;
    this.#topicArn = topicArn;
  }

  async publish(event: JobEvent): Promise<void> {
    const { pool, status, model } = event.data.job;
    const { type, tenantid: tenant, traceparent } = event;
    const command = new PublishCommand({
      TopicArn: this.#topicArn,
      Message: asciiJson(event),
      MessageAttributes: stringAttributes({ type, tenant, pool, status, model, traceparent }),
    });
    await callAws('the job-events topic', () => this.#client.send(command));
  }
}
