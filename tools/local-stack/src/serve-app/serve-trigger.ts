import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { createSqsClient } from '@afterimage/job-aws';
import { APPS_DIRECTORY } from '../apps.ts';
import { openFunction } from '../functions.ts';
import { terminalLog } from '../lambda/function-log.ts';
import { startSchedule } from '../triggers/schedule.ts';
import { startSqsTrigger } from '../triggers/sqs-trigger.ts';
import { completeEnvironment } from './app-environment.ts';
import type { Served } from './served.ts';

const BATCH_SIZE = 10;
const CONCURRENCY = 4;
const INTERVAL_MS = 5000;

/** Feeds the notifier from its queue. It shares the messages with any other notifier on that queue. */
export async function serveNotifier(): Promise<Served> {
  const env = completeEnvironment('result-notifier');
  const queueUrl = env.NOTIFICATIONS_QUEUE_URL ?? '';
  const sqs = createSqsClient();
  const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] });
  const { Attributes } = await sqs.send(command);
  const notifier = openFunction('result-notifier', APPS_DIRECTORY, env, terminalLog());
  const trigger = startSqsTrigger({
    sqs,
    queueUrl,
    queueArn: Attributes?.QueueArn ?? '',
    batchSize: BATCH_SIZE,
    maxConcurrency: CONCURRENCY,
    invoke: (event) => notifier.invoke(event),
    report: console.error,
  });
  return {
    description: `result-notifier takes from ${queueUrl}`,
    stop: async () => {
      await trigger.stop();
      await notifier.stop();
      sqs.destroy();
    },
  };
}

/** Runs the reconciler on its schedule. */
export async function serveReconciler(): Promise<Served> {
  const env = completeEnvironment('job-reconciler');
  const reconciler = openFunction('job-reconciler', APPS_DIRECTORY, env, terminalLog());
  await reconciler.warmUp();
  const schedule = startSchedule({
    name: 'job-reconciler',
    intervalMs: INTERVAL_MS,
    invoke: (event) => reconciler.invoke(event),
  });
  return {
    description: `job-reconciler runs every ${INTERVAL_MS / 1000} s`,
    stop: async () => {
      await schedule.stop();
      await reconciler.stop();
    },
  };
}
