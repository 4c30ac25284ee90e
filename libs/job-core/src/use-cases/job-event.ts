import type { JobEvent, JobEventType, JobRecord, JobStatus } from '@afterimage/job-schemas';
import { jobEventId } from '@afterimage/job-schemas';
import { presentJob } from './present-job.ts';

/** `canceling` announces nothing: the terminal state that follows does. */
const EVENT_OF_STATUS: Readonly<Record<JobStatus, JobEventType | undefined>> = {
  queued: 'job.queued',
  running: 'job.started',
  canceling: undefined,
  succeeded: 'job.succeeded',
  failed: 'job.failed',
  canceled: 'job.canceled',
  expired: 'job.expired',
};

/** The event of the state that the job is in; undefined when the state has none. The same job gives the same event id. */
export function jobEvent(
  job: JobRecord,
  options: { readonly apiUrl: string; readonly now: Date },
): JobEvent | undefined {
  const type = EVENT_OF_STATUS[job.status];
  if (type === undefined) return undefined;
  const { input: _input, ...data } = presentJob(job, options);
  return {
    specversion: '1.0',
    id: jobEventId(job.id, job.version),
    source: `${options.apiUrl}/v1/jobs`,
    type,
    subject: job.id,
    time: options.now.toISOString(),
    datacontenttype: 'application/json',
    tenantid: job.tenantId,
    ...(job.traceparent === null ? {} : { traceparent: job.traceparent }),
    data: { job: data },
  };
}
