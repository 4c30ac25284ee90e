import { counter, duration, type ServiceName, share } from './definition.ts';

const WORKER: readonly ServiceName[] = ['gpu-worker'];
const ON_POOL = ['pool'] as const;
const BY_REASON = ['pool', 'reason'] as const;

/** What the workers write. */
export const WORKER_METRICS = {
  JobsSucceeded: counter(WORKER, 'Jobs whose images are stored.', ON_POOL),
  JobsFailed: counter(WORKER, 'Jobs that failed for good, by the error code that the client sees.', BY_REASON),
  JobsRetried: counter(WORKER, 'Attempts that failed, and whose job is queued again.', BY_REASON),
  JobsCanceled: counter(WORKER, 'Jobs that were canceled while they ran.', ON_POOL),
  JobsReleased: counter(WORKER, 'Jobs that a draining worker gave back.', ON_POOL),
  JobsReleasedBySpot: counter(WORKER, 'Running jobs given back because the Spot machine is taken back.', ON_POOL),
  JobsAbandoned: counter(
    WORKER,
    'Jobs that ended under another worker, or elsewhere, while this one had them.',
    ON_POOL,
  ),
  JobsPostponed: counter(WORKER, 'Jobs put off because their tenant has as many running as it may.', ON_POOL),
  ImagesMade: counter(WORKER, 'Images of jobs that succeeded.', ON_POOL),
  MessagesStale: counter(WORKER, 'Messages whose job had moved on.', ON_POOL),
  MessagesDeferred: counter(WORKER, 'Messages given back because the jobs table did not answer.', ON_POOL),
  MessagesPoison: counter(WORKER, 'Receives of a message that is not the claim check of a job of the pool.', ON_POOL),
  JobQueueTime: duration(WORKER, 'From the creation of a job to its first claim.', ON_POOL),
  JobInferenceTime: duration(WORKER, 'Work of the engine on a job that succeeded, without loading its model.', ON_POOL),
  JobModelLoadTime: duration(
    WORKER,
    'Time that the engine took to load the model of a job; one value for each load.',
    ON_POOL,
  ),
  JobAttemptTime: duration(WORKER, 'From claim to commit of a job that succeeded.', ON_POOL),
  WorkerBusyShare: share(WORKER, 'Share of a minute in which the worker had a job.', ON_POOL),
  WorkerLeasesLost: counter(WORKER, 'Leases that ran out, or that another worker has.', ON_POOL),
  WorkerSpotNotices: counter(WORKER, 'Notices that the Spot machine of the worker is taken back.', ON_POOL),
  WorkerEnginesLost: counter(WORKER, 'Engines that did not start, or became unusable.', ON_POOL),
  WorkerReceiveErrors: counter(WORKER, 'Calls for a message that failed.', ON_POOL),
  WorkerHeartbeatErrors: counter(WORKER, 'Renewals of a lease that failed; the lease may outlive them.', ON_POOL),
  WorkerVisibilityErrors: counter(WORKER, 'Renewals of the visibility of a message that failed.', ON_POOL),
  WorkerUploadRetries: counter(WORKER, 'Uploads of an image that were tried again.', ON_POOL),
  WorkerPreviewErrors: counter(WORKER, 'Previews that could not be made, stored or deleted.', ON_POOL),
  WorkerAnnounceErrors: counter(WORKER, 'Events that were left to the reconciler.', ON_POOL),
  WorkerEnqueueErrors: counter(WORKER, 'New attempts that were left to the reconciler.', ON_POOL),
  WorkerSettleErrors: counter(WORKER, 'Messages that could not be deleted or given back.', ON_POOL),
  WorkerMessagesGivenBack: counter(WORKER, 'Messages that came while the worker drained.', ON_POOL),
} as const;
