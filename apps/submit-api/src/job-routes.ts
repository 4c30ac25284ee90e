import { type ApiResponse, etagOf, type Route } from '@afterimage/app-host/lambda';
import { type Clock, presentJob } from '@afterimage/job-core';
import type { CreateJob, JobPreview } from '@afterimage/job-schemas';
import type { Submitted } from './accept-job.ts';
import { toCreateCommand, toRetryCommand } from './request.ts';
import type { RetryCommand } from './retry-job.ts';
import type { SubmitCommand } from './submit-job.ts';

export interface JobRoutesPorts {
  readonly submitJob: (command: SubmitCommand) => Promise<Submitted>;
  readonly previewJob: (tenantId: string, request: CreateJob) => Promise<JobPreview>;
  readonly retryJob: (command: RetryCommand) => Promise<Submitted>;
  readonly apiUrl: string;
  readonly now: Clock;
}

const QUEUED_RETRY_SECONDS = 2;

/** The routes that make jobs. */
export function makeJobRoutes({ submitJob, previewJob, retryJob, apiUrl, now }: JobRoutesPorts) {
  function respond({ job, isReplay }: Submitted): ApiResponse {
    const body = presentJob(job, { apiUrl, now: now() });
    return {
      status: 202,
      headers: {
        location: body.links.self,
        etag: etagOf(job),
        'retry-after': String(QUEUED_RETRY_SECONDS),
        ...(isReplay ? { 'idempotency-replayed': 'true' } : {}),
      },
      body,
    };
  }

  const create: Route['handle'] = async (request) => {
    const command = toCreateCommand(request);
    if (command.isDryRun) return { status: 200, body: await previewJob(command.tenantId, command.request) };
    return respond(await submitJob(command));
  };

  const retry: Route['handle'] = async (request) => respond(await retryJob(toRetryCommand(request)));

  return { create, retry };
}
