import type { ApiClient, JobReply } from './api-client.ts';
import type { Clock } from './clock.ts';
import { isFinished, type JobView } from './job-view.ts';

/** Near the longest wait that the API allows: the fewer requests, the cheaper the waiting. */
const WAIT_SECONDS = 20;
/** A poll without If-None-Match returns after this with the latest progress, or at once when the job ends. */
const PROGRESS_WAIT_SECONDS = 1;
const DEFAULT_PAUSE_MS = 2000;

export interface FollowOptions {
  readonly client: ApiClient;
  readonly clock: Clock;
  /** Progress does not change the ETag, so seeing it costs a request a second while the job runs. */
  readonly wantsProgress: boolean;
  readonly onJob: (job: JobView) => void;
}

/**
 * Polls until the job is finished and returns its last state; `onJob` sees every state on the way, the first included.
 * @param first the reply to the create or to a first GET
 * @throws the signal's reason when it is aborted
 */
export async function followJob(
  { client, clock, wantsProgress, onJob }: FollowOptions,
  first: JobReply,
  signal: AbortSignal,
): Promise<JobView> {
  let { job } = first;
  let { etag } = first;
  onJob(job);
  while (!isFinished(job)) {
    signal.throwIfAborted();
    const asksProgress = wantsProgress && job.status !== 'queued';
    const options = asksProgress
      ? { waitSeconds: PROGRESS_WAIT_SECONDS, etag: null }
      : { waitSeconds: WAIT_SECONDS, etag };
    const reply = await client.pollJob(job.id, options, signal);
    if (reply.job !== undefined) {
      ({ job, etag } = { job: reply.job, etag: reply.etag });
      onJob(job);
    }
    if (!reply.hasWaited && !isFinished(job)) await clock.sleep(reply.retryAfterMs ?? DEFAULT_PAUSE_MS, signal);
  }
  return job;
}
