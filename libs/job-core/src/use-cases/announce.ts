import type { JobRecord } from '@afterimage/job-schemas';
import { isTerminal } from '@afterimage/job-schemas';
import { awaitLegacyResults } from '../legacy-results.ts';
import { confirmAnnounced, confirmPublished } from '../lifecycle.ts';
import type { Clock, EventPublisher, JobPublisher, JobStore } from '../ports.ts';
import { jobEvent } from './job-event.ts';

export interface AnnouncePorts {
  readonly jobs: JobStore;
  readonly events: EventPublisher;
  readonly apiUrl: string;
  readonly now: Clock;
}

/**
 * Publishes the event of the job's state and, for a terminal state, notes on the job that this is done.
 * When it fails between the two, the job stays due and the event is published again under the same id. A job whose results
 * are wanted in the guidance's form stays due until the subscriber that writes them says that they are there.
 */
export function makeAnnounce({ jobs, events, apiUrl, now }: AnnouncePorts) {
  return async function announce(job: JobRecord): Promise<void> {
    const event = jobEvent(job, { apiUrl, now: now() });
    if (event === undefined) return;
    const isLast = isTerminal(job.status);
    if (isLast && job.legacy !== null) await jobs.change(job.id, awaitLegacyResults(job, now()));
    await events.publish(event);
    if (isLast && job.legacy === null) await jobs.change(job.id, confirmAnnounced(job));
  };
}

export interface EnqueuePorts {
  readonly jobs: JobStore;
  readonly publisher: JobPublisher;
}

/** Publishes the claim check of a queued job's current attempt, then confirms it on the job. */
export function makeEnqueue({ jobs, publisher }: EnqueuePorts) {
  return async function enqueue(job: JobRecord): Promise<void> {
    await publisher.publish(
      { jobId: job.id, tenantId: job.tenantId, pool: job.pool, priority: job.policy.priority, attempt: job.attempt },
      job.traceparent,
    );
    await jobs.change(job.id, confirmPublished(job));
  };
}
