import { Duration } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import type { resultNotifierEnv } from '@afterimage/app-config';
import { AppFunction, type EnvironmentOf } from '../constructs/app-function.ts';
import { NOTIFIER_TIMEOUT_SECONDS } from '../constructs/messaging.ts';
import { grantAccess } from '../constructs/grant.ts';
import type { StageContext } from '../stage-context.ts';
import type { DataResources } from '../stacks/data-stack.ts';
import { ACCESS } from './access.ts';

/** Of one webhook; what is left of the function's time is for the calls of AWS before and after it. */
const WEBHOOK_TIMEOUT_MS = 15_000;

export interface ResultNotifierProps {
  readonly context: StageContext;
  readonly data: DataResources;
  readonly apiUrl: string;
}

/**
 * Makes the webhook deliveries. It is in no VPC: it reaches the internet and the endpoints of AWS, and nothing private,
 * whatever address a tenant's host name resolves to; and nothing but its queue can call it.
 */
export function resultNotifier(scope: Construct, { context, data, apiUrl }: ResultNotifierProps): AppFunction {
  const { jobTable, notifications, buckets, topics } = data;
  const environment: EnvironmentOf<typeof resultNotifierEnv> = {
    JOB_TABLE: jobTable.tableName,
    NOTIFICATIONS_QUEUE_URL: notifications.queue.queueUrl,
    WEBHOOK_SECRET_KEYS: data.webhookSecretKeys,
    WEBHOOK_TIMEOUT_MS: String(WEBHOOK_TIMEOUT_MS),
    OUTPUT_BUCKET: buckets.outputs.bucketName,
    LEGACY_RESULTS_TOPIC_ARN: topics.legacyResults.topicArn,
    JOB_EVENTS_TOPIC_ARN: topics.jobEvents.topicArn,
    API_URL: apiUrl,
    LEGACY_RUNNING_CALLBACKS: String(context.config.notifier.runningCallbacks),
    ...(data.eventBus === undefined ? {} : { EVENT_BUS: data.eventBus.eventBusName }),
  };
  const notifier = new AppFunction(scope, 'ResultNotifier', {
    context,
    name: 'result-notifier',
    description: 'Webhook deliveries',
    environment,
    timeoutSeconds: NOTIFIER_TIMEOUT_SECONDS,
    memoryMb: 512,
  });
  grantAccess(notifier.role, data, ACCESS['result-notifier']);
  notifier.function.addEventSource(
    new SqsEventSource(notifications.queue, {
      // Records of a batch are handled at the same time; the slowest receiver decides how long they all take.
      batchSize: 10,
      maxBatchingWindow: Duration.seconds(0),
      reportBatchItemFailures: true,
    }),
  );
  return notifier;
}
