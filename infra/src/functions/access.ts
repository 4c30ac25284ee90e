import type { FunctionName } from '../config/stage-config.ts';
import type { Grant } from '../constructs/grant.ts';

const READ_ITEM = 'dynamodb:GetItem';
const WRITE_ITEMS = ['dynamodb:PutItem', 'dynamodb:UpdateItem'] as const;
const READ_JOBS = [
  ['table', READ_ITEM, 'dynamodb:BatchGetItem'],
  ['byTenant', 'dynamodb:Query'],
  ['byTenantStatus', 'dynamodb:Query'],
  ['byBatch', 'dynamodb:Query'],
] as const satisfies readonly Grant[];
const LIST_ITEMS = ['table', READ_ITEM, 'dynamodb:Query'] as const;
const COUNT = [['table', READ_ITEM, 'dynamodb:UpdateItem']] as const satisfies readonly Grant[];
const EVENTS = [['jobEvents', 'sns:Publish']] as const satisfies readonly Grant[];
const REQUESTS = [['jobRequests', 'sns:Publish']] as const satisfies readonly Grant[];
const HOLD_MESSAGES = ['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:DeleteMessage'] as const;
const NOTIFY = [['notifications', 'sqs:SendMessage']] as const satisfies readonly Grant[];
/** A signed URL can do what its signer can. */
const SIGN_OUTPUTS = [['outputObjects', 's3:GetObject']] as const satisfies readonly Grant[];
const ERASE_OUTPUTS = [
  ['outputs', 's3:ListBucket'],
  ['outputObjects', 's3:DeleteObject'],
] as const satisfies readonly Grant[];
const DELIVERIES = [
  ['table', READ_ITEM, ...WRITE_ITEMS],
  ['byEndpoint', 'dynamodb:Query'],
] as const satisfies readonly Grant[];

/** A batch, and beside it the requests whose jobs are not made yet. */
const FILL_BATCHES = [LIST_ITEMS, ['table', ...WRITE_ITEMS, 'dynamodb:DeleteItem']] as const satisfies readonly Grant[];

/**
 * What each function, the console and a worker may do: for each adapter that its composition root makes, the calls that it makes through it. A test
 * holds the adapters to those that the roots import.
 */
export const ACCESS = {
  'api-authorizer': { DynamoKeyStore: [['table', READ_ITEM]], DynamoTenantStore: [['table', READ_ITEM]] },
  'submit-api': {
    DynamoJobStore: [...READ_JOBS, ['table', ...WRITE_ITEMS]],
    DynamoBatchStore: FILL_BATCHES,
    DynamoJobPlaces: [...COUNT, ['byTenantStatus', 'dynamodb:Query']],
    DynamoRateStore: COUNT,
    DynamoTenantStore: [['table', READ_ITEM]],
    DynamoWaiterSlots: COUNT,
    SnsJobPublisher: REQUESTS,
    SnsEventPublisher: EVENTS,
    S3OutputSigner: SIGN_OUTPUTS,
    S3UploadIntake: [
      // Without the right to list, S3 answers 403 to a question about an object that is not there.
      ['inputs', 's3:ListBucket'],
      ['uploadObjects', 's3:GetObject', 's3:PutObject'],
    ],
  },
  'status-api': {
    DynamoJobPlaces: [...COUNT, ['byTenantStatus', 'dynamodb:Query']],
    DynamoTenantStore: [['table', READ_ITEM]],
    DynamoUsageStore: [['table', 'dynamodb:Query']],
    DynamoWorkerRegistry: [['table', 'dynamodb:Query']],
    DynamoJobStore: [...READ_JOBS, ['table', 'dynamodb:UpdateItem']],
    DynamoBatchStore: COUNT,
    DynamoKeyStore: [LIST_ITEMS, ['table', ...WRITE_ITEMS]],
    DynamoRateStore: COUNT,
    SnsEventPublisher: EVENTS,
    S3OutputStore: [...SIGN_OUTPUTS, ...ERASE_OUTPUTS],
  },
  'wait-api': {
    DynamoJobStore: [['table', READ_ITEM]],
    DynamoRateStore: COUNT,
    DynamoWaiterSlots: COUNT,
    S3OutputSigner: SIGN_OUTPUTS,
  },
  'webhook-api': {
    DynamoRateStore: COUNT,
    DynamoWebhookEndpointStore: [LIST_ITEMS, ['table', ...WRITE_ITEMS, 'dynamodb:DeleteItem']],
    DynamoDeliveryStore: DELIVERIES,
    DynamoTargetStore: [['table', READ_ITEM, 'dynamodb:UpdateItem', 'dynamodb:DeleteItem']],
    SqsDeliveryQueue: NOTIFY,
  },
  'result-notifier': {
    DynamoUsageStore: [['table', 'dynamodb:PutItem']],
    DynamoJobStore: [['table', READ_ITEM, 'dynamodb:UpdateItem']],
    DynamoBatchStore: [['table', 'dynamodb:UpdateItem']],
    SnsEventPublisher: EVENTS,
    DynamoTenantStore: [['table', READ_ITEM]],
    DynamoWebhookEndpointStore: [LIST_ITEMS, ['table', ...WRITE_ITEMS]],
    DynamoDeliveryStore: DELIVERIES,
    DynamoTargetStore: [['table', READ_ITEM, 'dynamodb:UpdateItem', 'dynamodb:DeleteItem']],
    SqsDeliveryQueue: NOTIFY,
    EventBridge: [['eventBus', 'events:PutEvents']],
    SnsLegacyPublisher: [['legacyResults', 'sns:Publish']],
    S3OutputStore: [
      // Without the right to list, S3 answers 403 to a copy of an object that is not there.
      ['outputs', 's3:ListBucket'],
      ['outputObjects', 's3:GetObject'],
      ['legacyObjects', 's3:PutObject', 's3:DeleteObject'],
    ],
  },
  'job-reconciler': {
    DynamoJobStore: [['table', READ_ITEM, 'dynamodb:BatchGetItem', ...WRITE_ITEMS]],
    DynamoBatchStore: FILL_BATCHES,
    DynamoDeliveryStore: [['table', READ_ITEM, 'dynamodb:UpdateItem']],
    DynamoDueIndex: [['byDue', 'dynamodb:Query']],
    DynamoJobPlaces: [['table', 'dynamodb:UpdateItem']],
    DynamoTenantStore: [['table', READ_ITEM]],
    SnsJobPublisher: REQUESTS,
    SnsEventPublisher: EVENTS,
    SqsDeliveryQueue: NOTIFY,
    // Dead letters are looked at, and left where they are.
    SqsMessageQueue: [['poolDeadLetters', 'sqs:ReceiveMessage']],
    S3OutputStore: ERASE_OUTPUTS,
  },
  'ecs-fargate-admin': {
    DynamoJobStore: [...READ_JOBS, ['table', ...WRITE_ITEMS]],
    DynamoJobPlaces: [...COUNT, ['byTenantStatus', 'dynamodb:Query']],
    DynamoTenantStore: [LIST_ITEMS, ['table', ...WRITE_ITEMS]],
    DynamoKeyStore: [LIST_ITEMS, ['table', ...WRITE_ITEMS]],
    DynamoUsageStore: [['table', 'dynamodb:Query']],
    DynamoWebhookEndpointStore: [LIST_ITEMS],
    DynamoDeliveryStore: [
      ['table', READ_ITEM, 'dynamodb:UpdateItem'],
      ['byEndpoint', 'dynamodb:Query'],
    ],
    DynamoTargetStore: [['table', READ_ITEM]],
    DynamoWorkerRegistry: [['table', 'dynamodb:Query', 'dynamodb:UpdateItem']],
    DynamoQueueSwitch: COUNT,
    DynamoAuditLog: [['table', 'dynamodb:PutItem', 'dynamodb:Query']],
    S3OutputStore: [...SIGN_OUTPUTS, ...ERASE_OUTPUTS],
    SnsJobPublisher: REQUESTS,
    SnsEventPublisher: EVENTS,
    SqsDeliveryQueue: NOTIFY,
    CloudWatchAlarms: [['metrics', 'cloudwatch:DescribeAlarms']],
    XRayTraceStore: [['traces', 'xray:BatchGetTraces']],
    CloudWatchMeasures: [['metrics', 'cloudwatch:GetMetricData']],
    SqsOperatorQueues: [
      ['poolQueues', 'sqs:GetQueueAttributes', ...HOLD_MESSAGES, 'sqs:SendMessage'],
      ['notifications', 'sqs:GetQueueAttributes', 'sqs:SendMessage'],
      ['deadLetters', 'sqs:GetQueueAttributes', ...HOLD_MESSAGES],
    ],
  },
  // And what it does with the queues of its own pool: `worker-access.ts`.
  'gpu-worker': {
    DynamoJobStore: [['table', READ_ITEM, 'dynamodb:UpdateItem']],
    DynamoJobPlaces: [...COUNT, ['byTenantStatus', 'dynamodb:Query']],
    DynamoTenantStore: [['table', READ_ITEM]],
    DynamoWorkerRegistry: [['table', 'dynamodb:UpdateItem']],
    DynamoQueueSwitch: [['table', READ_ITEM]],
    SnsJobPublisher: REQUESTS,
    SnsEventPublisher: EVENTS,
    S3OutputStore: [
      // Without the right to list, S3 answers 403 to a question about an object that is not there.
      ['outputs', 's3:ListBucket'],
      ['outputObjects', 's3:GetObject', 's3:PutObject'],
      ['previewObjects', 's3:DeleteObject'],
    ],
    S3UploadStore: [
      ['inputs', 's3:ListBucket'],
      ['uploadObjects', 's3:GetObject'],
    ],
  },
} as const satisfies Record<
  FunctionName | 'ecs-fargate-admin' | 'gpu-worker',
  Readonly<Record<string, readonly Grant[]>>
>;
