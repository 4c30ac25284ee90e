import type { CounterName, DurationName, GaugeName } from '@afterimage/telemetry';
import type { Outcome } from './queue/outcome.ts';

/** Metrics of the worker. Counts, but where something else is noted. */
export const METRIC = {
  receiveErrors: 'WorkerReceiveErrors',
  heartbeatErrors: 'WorkerHeartbeatErrors',
  visibilityErrors: 'WorkerVisibilityErrors',
  uploadRetries: 'WorkerUploadRetries',
  previewErrors: 'WorkerPreviewErrors',
  announceErrors: 'WorkerAnnounceErrors',
  enqueueErrors: 'WorkerEnqueueErrors',
  settleErrors: 'WorkerSettleErrors',
  givenBack: 'WorkerMessagesGivenBack',
  leasesLost: 'WorkerLeasesLost',
  spotNotices: 'WorkerSpotNotices',
  releasedBySpot: 'JobsReleasedBySpot',
  enginesLost: 'WorkerEnginesLost',
  imagesMade: 'ImagesMade',
  /** Percent. */
  busyShare: 'WorkerBusyShare',
  /** Milliseconds from the creation of the job to its first claim. */
  queueTime: 'JobQueueTime',
  /** Milliseconds of the engine's work on a job that succeeded. */
  inferenceTime: 'JobInferenceTime',
  /** Milliseconds in which the engine loaded the model of a job. */
  modelLoadTime: 'JobModelLoadTime',
  /** Milliseconds from claim to commit of a job that succeeded. */
  attemptTime: 'JobAttemptTime',
} as const satisfies Record<string, CounterName | DurationName | GaugeName>;

/** One count for each way that a message can end. */
export const OUTCOME_METRIC = {
  done: 'JobsSucceeded',
  retry: 'JobsRetried',
  reject: 'JobsFailed',
  canceled: 'JobsCanceled',
  release: 'JobsReleased',
  abandon: 'JobsAbandoned',
  stale: 'MessagesStale',
  defer: 'MessagesDeferred',
  postpone: 'JobsPostponed',
  poison: 'MessagesPoison',
} as const satisfies Record<Outcome['kind'], CounterName>;
