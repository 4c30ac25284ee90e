import { PolicyStatement, type IRole } from 'aws-cdk-lib/aws-iam';
import type { DataResources } from '../stacks/data-stack.ts';
import { grantAccess, type Grant } from './grant.ts';
import type { PoolQueues } from './messaging.ts';

/**
 * What a worker may do: for each adapter that its composition root makes, the calls that it makes through it. A test holds
 * the adapters to those of the root.
 */
export const WORKER_ACCESS = {
  DynamoJobStore: [['table', 'dynamodb:GetItem', 'dynamodb:UpdateItem']],
  DynamoJobPlaces: [
    ['table', 'dynamodb:GetItem', 'dynamodb:UpdateItem'],
    ['byTenantStatus', 'dynamodb:Query'],
  ],
  DynamoTenantStore: [['table', 'dynamodb:GetItem']],
  DynamoWorkerRegistry: [['table', 'dynamodb:UpdateItem']],
  SnsJobPublisher: [['jobRequests', 'sns:Publish']],
  SnsEventPublisher: [['jobEvents', 'sns:Publish']],
  S3OutputStore: [
    // Without the right to list, S3 answers 403 to a question about an object that is not there.
    ['outputs', 's3:ListBucket'],
    ['outputObjects', 's3:GetObject', 's3:PutObject'],
  ],
  S3UploadStore: [
    ['inputs', 's3:ListBucket'],
    ['uploadObjects', 's3:GetObject'],
  ],
} as const satisfies Readonly<Record<string, readonly Grant[]>>;

/** Of its own pool's queues: it takes jobs, and puts one that may not run yet at the end. */
const QUEUE_ACTIONS = ['ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility', 'SendMessage'] as const;

/** Lets the workers of a pool do what they do. */
export function grantWorker(role: IRole, data: DataResources, queues: PoolQueues): void {
  grantAccess(role, data, WORKER_ACCESS);
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: QUEUE_ACTIONS.map((action) => `sqs:${action}`),
      resources: Object.values(queues).map(({ queue }) => queue.queueArn),
    }),
  );
}
