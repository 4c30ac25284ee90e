import type { JobPublisher } from '@afterimage/job-core';
import type { JobMessage } from '@afterimage/job-schemas';
import type { SNSClient } from '@aws-sdk/client-sns';
import { PublishCommand } from '@aws-sdk/client-sns';
import { callAws } from './aws-errors.ts';
import { asciiJson, stringAttributes } from './message-format.ts';

/** Claim checks on the `job-requests` topic; the filter policies of the queues read `pool` and `priority`. */
export class SnsJobPublisher implements JobPublisher {
  readonly #client: SNSClient;
  readonly #topicArn: string;

  constructor(client: SNSClient, topicArn: string) {
    this.#client = client;
    this.#topicArn = topicArn;
  }

  async publish(message: JobMessage, traceparent: string | null): Promise<void> {
    const { pool, priority, tenantId } = message;
    const command = new PublishCommand({
      TopicArn: this.#topicArn,
      Message: asciiJson(message),
      MessageAttributes: stringAttributes({ pool, priority, tenant: tenantId, traceparent }),
      // Makes the queues fair: a tenant's backlog does not hold up the jobs of the others.
      MessageGroupId: tenantId,
    });
    await callAws('the job-requests topic', () => this.#client.send(command));
  }
}
