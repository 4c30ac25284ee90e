import { createSqsClient } from '@afterimage/job-aws';
import type { FunctionName } from '../apps.ts';
import { clientOptions, type AwsEndpoints } from '../aws.ts';
import type { LambdaFunction } from '../lambda/lambda-function.ts';
import type { Queue } from '../provision/messaging.ts';
import { startSchedule, type Schedule } from './schedule.ts';
import { startSqsTrigger } from './sqs-trigger.ts';

export interface TriggersOptions {
  readonly endpoints: AwsEndpoints;
  readonly notifications: Queue;
  readonly functions: Pick<Readonly<Record<FunctionName, LambdaFunction>>, 'result-notifier' | 'job-reconciler'>;
  readonly reconcileIntervalMs: number;
  readonly isReconcilerPaused: boolean;
  report(message: string): void;
}

export interface Triggers {
  readonly reconciler: Schedule;
  /** Waits for the invocations under way, but for `graceMs` at most. */
  stop(graceMs: number): Promise<void>;
}

const NOTIFIER_BATCH_SIZE = 10;
/** More than may wait for one receiver that hangs. */
const NOTIFIER_CONCURRENCY = 32;

/** Waits for work to end, but not for long. */
function within(work: Promise<unknown>, timeoutMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, timeoutMs);
  void work.finally(() => {
    clearTimeout(timer);
    resolve();
  });
  return promise;
}

/** What invokes functions besides the API: the notifications queue and the schedule. */
export function startTriggers(options: TriggersOptions): Triggers {
  const { functions, notifications } = options;
  const sqs = createSqsClient(clientOptions(options.endpoints.sqs));
  const notifier = startSqsTrigger({
    sqs,
    queueUrl: notifications.url,
    queueArn: notifications.arn,
    batchSize: NOTIFIER_BATCH_SIZE,
    maxConcurrency: NOTIFIER_CONCURRENCY,
    invoke: (event) => functions['result-notifier'].invoke(event),
    report: options.report,
  });
  const reconciler = startSchedule({
    name: 'job-reconciler',
    intervalMs: options.reconcileIntervalMs,
    isPaused: options.isReconcilerPaused,
    invoke: (event) => functions['job-reconciler'].invoke(event),
  });
  return {
    reconciler,
    stop: async (graceMs) => {
      await within(Promise.all([notifier.stop(), reconciler.stop()]), graceMs);
      sqs.destroy();
    },
  };
}
