import { counter, duration, type ServiceName } from './definition.ts';

const API: readonly ServiceName[] = ['submit-api', 'status-api', 'wait-api', 'webhook-api'];
const NOTIFIER: readonly ServiceName[] = ['result-notifier'];
const RECONCILER: readonly ServiceName[] = ['job-reconciler'];

/** What the functions behind the API write. */
const EDGE_METRICS = {
  RequestServed: counter(API, 'Requests answered as they asked.'),
  RequestRefused: counter(API, 'Requests answered with a problem of the 4xx range.'),
  RequestFailed: counter(API, 'Requests answered with a problem of the 5xx range.'),
  RequestTime: duration(API, 'From the start of an invocation to its answer, however it ended; streams are left out.'),
  RateLimited: counter(API, "Requests above their tenant's rate."),
  RateLimitUnavailable: counter(API, 'Requests that passed only because the store of the rates did not answer.'),
  StreamFailed: counter(['wait-api'], 'Streams that ended with an error after their first byte.'),
  KeyRefused: counter(['api-authorizer'], 'Requests without a key that is known and in force.'),
} as const;

const NOTIFIER_METRICS = {
  WebhookDelivered: counter(NOTIFIER, 'Deliveries that the receiver took.'),
  WebhookRetried: counter(NOTIFIER, 'Attempts that failed, and are made again.'),
  WebhookFailed: counter(NOTIFIER, 'Deliveries that were given up.'),
  WebhookPostponed: counter(NOTIFIER, 'Attempts put off to make room for other receivers.'),
  WebhookEndpointDisabled: counter(NOTIFIER, 'Endpoints that were disabled: gone, or failing for days.'),
  WebhookLatency: duration(NOTIFIER, 'One attempt at a delivery.'),
  LegacyTold: counter(NOTIFIER, "Results told in the guidance's own form."),
  RecordHandled: counter(NOTIFIER, 'Messages of the notifications queue that were handled.'),
  RecordFailed: counter(NOTIFIER, 'Messages of the notifications queue that are given back.'),
  RecordUnreadable: counter(NOTIFIER, 'Messages of the notifications queue that nobody understands.'),
} as const;

const RECONCILER_METRICS = {
  JobExpired: counter(RECONCILER, 'Jobs that nobody began in their time.'),
  WorkerLost: counter(RECONCILER, 'Running jobs whose lease ran out: their worker is gone.'),
  CancelForced: counter(RECONCILER, 'Cancellations that no worker acknowledged.'),
  JobEnqueuedAgain: counter(RECONCILER, 'Jobs whose message was sent again.'),
  EventPublishedAgain: counter(RECONCILER, 'Events of jobs that were published again.'),
  FilesErasedAgain: counter(RECONCILER, 'Erasures of files that were done again.'),
  BatchFilled: counter(RECONCILER, 'Batches whose jobs were made.'),
  BatchCounted: counter(RECONCILER, 'Batches whose jobs were counted.'),
  BatchEventPublishedAgain: counter(RECONCILER, 'Events of batches that were published again.'),
  DeliveryEnqueued: counter(RECONCILER, 'Deliveries whose next attempt was asked for.'),
  JobDeadLettered: counter(RECONCILER, 'Jobs failed because their message is among the dead letters.'),
  DeadLetterUnreadable: counter(RECONCILER, 'Dead letters that name no job.'),
  StepFailed: counter(RECONCILER, 'Steps that failed and are left to the next run.'),
} as const;

/** What the Lambda functions write. */
export const FUNCTION_METRICS = { ...EDGE_METRICS, ...NOTIFIER_METRICS, ...RECONCILER_METRICS } as const;
