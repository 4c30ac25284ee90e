import type { JobTrace } from '@afterimage/admin-schemas';
import { type JobStore, traceIdOf } from '@afterimage/job-core';
import type { AdminHandler } from '../api/admin-request.ts';
import { findAnyJob } from '../jobs/get-job.ts';
import type { TraceStore } from './trace-store.ts';

export interface GetJobTracePorts {
  readonly jobs: Pick<JobStore, 'get'>;
  readonly traces: TraceStore;
}

/** `GET /jobs/:id/trace`: what every service did for the job, and for how long. */
export function makeGetJobTrace({ jobs, traces }: GetJobTracePorts): AdminHandler {
  return async function getJobTrace(request) {
    const { traceparent } = await findAnyJob(jobs, request.param('id'));
    const traceId = traceIdOf(traceparent);
    const tree = traceId === null ? undefined : await traces.get(traceId);
    const spans = tree?.spans.map((span) => ({ ...span, links: [...span.links], attributes: { ...span.attributes } }));
    return { body: { traceId, spans: spans ?? null } satisfies JobTrace };
  };
}
