import type { LegacyPublisher } from '@afterimage/job-core';
import type { SNSClient } from '@aws-sdk/client-sns';
import { PublishCommand } from '@aws-sdk/client-sns';
import { callAws } from './aws-errors.ts';
import { asciiJson, stringAttributes } from './message-format.ts';

/** The guidance's callbacks on the `legacy-results` topic; the message is the callback alone, the rest are attributes. */
export class SnsLegacyPublisher implements LegacyPublisher {
  readonly #client: SNSClient;
  readonly #topicArn: string;

  constructor(client: SNSClient, topicArn: string) {
    this.#client = client;
    this.#topicArn = topicArn;
  }

  async publish(...[callback, job]: Parameters<LegacyPublisher['publish']>): Promise<void> {
    const { runtime, status } = callback;
    const { tenantId: tenant, id: jobId, traceparent } = job;
    const command = new PublishCommand({
      TopicArn: this.#topicArn,
      Message: asciiJson(callback),
      MessageAttributes: stringAttributes({ tenant, runtime, status, jobId, traceparent }),
    });
    await callAws('the legacy-results topic', () => this.#client.send(command));
  }
}
