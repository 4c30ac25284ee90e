import { Duration } from 'aws-cdk-lib';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Construct } from 'constructs';
import type { jobReconcilerEnv } from '@afterimage/app-config';
import { AppFunction, type EnvironmentOf } from '../constructs/app-function.ts';
import { grantAccess } from '../constructs/grant.ts';
import { resourceName, type StageContext } from '../stage-context.ts';
import { jobQueues, type DataResources } from '../stacks/data-stack.ts';
import { ACCESS } from './access.ts';

const EVERY = Duration.minutes(1);
/** Less than the time between two runs. */
const TIMEOUT_SECONDS = 50;

export interface JobReconcilerProps {
  readonly context: StageContext;
  readonly data: DataResources;
  readonly apiUrl: string;
}

/** Moves on whatever is overdue, every minute. */
export function jobReconciler(scope: Construct, { context, data, apiUrl }: JobReconcilerProps): AppFunction {
  const { jobTable, buckets, topics, notifications } = data;
  const deadLetters = jobQueues(data).map((queue) => queue.deadLetters);
  const environment: EnvironmentOf<typeof jobReconcilerEnv> = {
    JOB_TABLE: jobTable.tableName,
    JOB_REQUESTS_TOPIC_ARN: topics.jobRequests.topicArn,
    JOB_EVENTS_TOPIC_ARN: topics.jobEvents.topicArn,
    OUTPUT_BUCKET: buckets.outputs.bucketName,
    NOTIFICATIONS_QUEUE_URL: notifications.queue.queueUrl,
    DEAD_LETTER_QUEUE_URLS: deadLetters.map((queue) => queue.queueUrl).join(','),
    API_URL: apiUrl,
  };
  const reconciler = new AppFunction(scope, 'JobReconciler', {
    context,
    name: 'job-reconciler',
    description: 'Moves on whatever is overdue',
    environment,
    timeoutSeconds: TIMEOUT_SECONDS,
    memoryMb: 512,
  });
  grantAccess(reconciler.role, data, ACCESS['job-reconciler']);
  new Schedule(scope, 'EveryMinute', {
    scheduleName: resourceName(context.config, 'job-reconciler'),
    description: 'Runs the reconciler',
    schedule: ScheduleExpression.rate(EVERY),
    // The next run does what a failed one left.
    target: new LambdaInvoke(reconciler.function, { retryAttempts: 0, maxEventAge: EVERY }),
  });
  return reconciler;
}
