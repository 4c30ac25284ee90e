import type { CounterName } from '@afterimage/telemetry';
import type { StepKind } from './summary.ts';

/** Metrics of the reconciler. */
const METRICS = {
  expire: 'JobExpired',
  loseWorker: 'WorkerLost',
  forceCancel: 'CancelForced',
  enqueue: 'JobEnqueuedAgain',
  announce: 'EventPublishedAgain',
  eraseFiles: 'FilesErasedAgain',
  fillBatch: 'BatchFilled',
  countBatch: 'BatchCounted',
  announceBatch: 'BatchEventPublishedAgain',
  enqueueDelivery: 'DeliveryEnqueued',
  failDeadLetter: 'JobDeadLettered',
  skipUnreadable: 'DeadLetterUnreadable',
} as const satisfies Record<Exclude<StepKind, 'none'>, CounterName>;

/** The metric of each kind of step that changed something. */
export const METRIC_OF_STEP: ReadonlyMap<string, CounterName> = new Map(Object.entries(METRICS));

export const STEP_FAILED = 'StepFailed' satisfies CounterName;
