import type { JobEventType, JobRecord, JobStatus } from '@afterimage/job-schemas';
import { isTerminal } from '@afterimage/job-schemas';
import type { Log, MetricSink } from '@afterimage/telemetry';
import { METRIC } from './metrics.ts';

export interface TellPorts {
  readonly announce: (job: JobRecord) => Promise<void>;
  readonly log: Log;
  readonly metrics: MetricSink;
}

/** The events that are published only for a job whose webhook, or request in the guidance's form, asks for them. */
const OPTIONAL_EVENTS: Partial<Record<JobStatus, JobEventType>> = { queued: 'job.queued', running: 'job.started' };

function isWanted({ status, webhook, legacy }: JobRecord): boolean {
  const type = OPTIONAL_EVENTS[status];
  if (isTerminal(status) || (legacy !== null && type === 'job.started')) return true;
  return type !== undefined && webhook?.events.includes(type) === true;
}

/** Publishes the event of the job's state where there is to be one. Never rejects: a terminal job stays due until it is told. */
export function makeTell({ announce, log, metrics }: TellPorts) {
  return async function tell(job: JobRecord): Promise<void> {
    if (!isWanted(job)) return;
    try {
      await announce(job);
    } catch (error) {
      metrics.count(METRIC.announceErrors);
      log.warn('event not published', { jobId: job.id, status: job.status, error });
    }
  };
}
