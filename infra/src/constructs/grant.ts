import { PolicyStatement, type IRole } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { JOB_TABLE } from '@afterimage/job-aws/job-table';
import { PREVIEWS_PREFIX } from '@afterimage/job-core';
import { allDeadLetters, jobQueues, type DataResources } from '../stacks/data-stack.ts';

type TableIndex = keyof typeof JOB_TABLE.indexes;
type Topic = 'jobRequests' | 'jobEvents' | 'legacyResults';

/** What an app can be allowed to use. */
export type Target =
  | TableIndex
  | Topic
  | 'table'
  | 'notifications'
  | 'eventBus'
  | 'poolQueues'
  | 'poolDeadLetters'
  | 'deadLetters'
  | 'metrics'
  | 'traces'
  | 'inputs'
  | 'uploadObjects'
  | 'outputs'
  | 'outputObjects'
  | 'previewObjects'
  | 'legacyObjects';

/** Actions on a target, in IAM's form. */
export type Grant = readonly [Target, ...actions: string[]];

function isTopic(target: Target): target is Topic {
  return target === 'jobRequests' || target === 'jobEvents' || target === 'legacyResults';
}

function arnsOf(target: Exclude<Target, Topic>, data: DataResources): string[] {
  const { jobTable, buckets } = data;
  switch (target) {
    case 'table':
      return [jobTable.tableArn];
    case 'notifications':
      return [data.notifications.queue.queueArn];
    case 'eventBus':
      return data.eventBus === undefined ? [] : [data.eventBus.eventBusArn];
    case 'poolQueues':
      return jobQueues(data).map(({ queue }) => queue.queueArn);
    case 'deadLetters':
      return allDeadLetters(data).map(({ queueArn }) => queueArn);
    case 'poolDeadLetters':
      return jobQueues(data).map(({ deadLetters }) => deadLetters.queueArn);
    case 'traces':
    case 'metrics':
      // The reading calls of CloudWatch and X-Ray know no resources.
      return ['*'];
    case 'inputs':
      return [buckets.inputs.bucketArn];
    case 'uploadObjects':
      return [buckets.inputs.arnForObjects('uploads/*')];
    case 'outputs':
      return [buckets.outputs.bucketArn];
    case 'outputObjects':
      return [buckets.outputs.arnForObjects('*')];
    case 'previewObjects':
      return [buckets.outputs.arnForObjects(`${PREVIEWS_PREFIX}*`)];
    case 'legacyObjects':
      return [buckets.outputs.arnForObjects('outputs/*/legacy/*')];
    default:
      // By its name: CDK's own grants would include every index.
      return [`${jobTable.tableArn}/index/${JOB_TABLE.indexes[target].name}`];
  }
}

/** Lets a role do what an app does through each of its adapters. */
export function grantAccess(
  role: IRole,
  data: DataResources,
  access: Readonly<Record<string, readonly Grant[]>>,
): void {
  for (const [target, ...actions] of Object.values(access).flat()) {
    if (isTopic(target)) {
      // With the key that the topic is encrypted with.
      const topic: ITopic = data.topics[target];
      topic.grantPublish(role);
      continue;
    }
    const resources = arnsOf(target, data);
    // None where the stage does without it.
    if (resources.length > 0) role.addToPrincipalPolicy(new PolicyStatement({ actions, resources }));
  }
}
