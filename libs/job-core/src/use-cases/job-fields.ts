import type { JobRecord } from '@afterimage/job-schemas';
import { traceIdOf } from './present-job.ts';

/** What log lines and traces name of a job that is being handled. */
export function jobFields({ id, attempt, tenantId, traceparent }: JobRecord) {
  return { jobId: id, attempt, tenantId, traceId: traceIdOf(traceparent) };
}
