import { PolicyStatement, type IRole } from 'aws-cdk-lib/aws-iam';
import type { DataResources } from '../stacks/data-stack.ts';
import { ACCESS } from '../functions/access.ts';
import { grantAccess } from './grant.ts';
import type { PoolQueues } from './messaging.ts';

/** Of its own pool's queues: it takes jobs, and puts one that may not run yet at the end. */
const QUEUE_ACTIONS = ['ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility', 'SendMessage'] as const;

/** Lets the workers of a pool do what they do. */
export function grantWorker(role: IRole, data: DataResources, queues: PoolQueues): void {
  grantAccess(role, data, ACCESS['gpu-worker']);
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: QUEUE_ACTIONS.map((action) => `sqs:${action}`),
      resources: Object.values(queues).map(({ queue }) => queue.queueArn),
    }),
  );
}
