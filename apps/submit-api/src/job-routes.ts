import { type ApiRequest, etagOf, preferredWait, type Route, waitMsWithin } from '@afterimage/app-host/lambda';
import type { RetryCommand, Submitted, SubmitCommand } from '@afterimage/job-commands';
import {
  type Clock,
  presentJob,
  retryAfterSeconds,
  type SignedUrl,
  type Wait,
  type Waited,
} from '@afterimage/job-core';
import { type CreateJob, isTerminal, type JobPreview, type JobRecord } from '@afterimage/job-schemas';
import { toCreateCommand, toRetryCommand } from './request.ts';

export interface JobRoutesPorts {
  readonly submitJob: (command: SubmitCommand) => Promise<Submitted>;
  readonly previewJob: (tenantId: string, request: CreateJob) => Promise<JobPreview>;
  readonly retryJob: (command: RetryCommand) => Promise<Submitted>;
  readonly waitForJob: (tenantId: string, jobId: string, wait: Wait) => Promise<Waited>;
  readonly signOutputs: (job: JobRecord) => Promise<ReadonlyMap<string, SignedUrl>>;
  readonly apiUrl: string;
  readonly now: Clock;
}

type Context = Parameters<Route['handle']>[1];

/** The routes that make jobs. */
export function makeJobRoutes(ports: JobRoutesPorts) {
  const { submitJob, previewJob, retryJob, waitForJob, signOutputs, apiUrl, now } = ports;

  /** Reads what the client prefers before anything is made, so that a wrong preference makes nothing. */
  function makeRespond(request: ApiRequest, context: Context) {
    const waitSeconds = preferredWait(request);
    const isOver = ({ status }: JobRecord) => isTerminal(status);

    async function awaited(job: JobRecord): Promise<Waited> {
      if (waitSeconds === undefined) return { job, hasWaited: false };
      return waitForJob(job.tenantId, job.id, { isOver, waitMs: waitMsWithin(context, waitSeconds) });
    }

    return async function respond({ job: accepted, isReplay }: Submitted) {
      const { job, hasWaited } = await awaited(accepted);
      const body = presentJob(job, { apiUrl, now: now(), signedUrls: await signOutputs(job) });
      const seconds = retryAfterSeconds(job, now());
      return {
        // Without a wait it is the acceptance that is answered, also when a repeated request finds its job at its end.
        status: hasWaited && isOver(job) ? 200 : 202,
        headers: {
          location: body.links.self,
          etag: etagOf(job),
          ...(seconds === undefined ? {} : { 'retry-after': String(seconds) }),
          ...(hasWaited ? { 'preference-applied': `wait=${waitSeconds}` } : {}),
          ...(isReplay ? { 'idempotency-replayed': 'true' } : {}),
        },
        body,
      };
    };
  }

  const create: Route['handle'] = async (request, context) => {
    const command = toCreateCommand(request);
    if (command.isDryRun) return { status: 200, body: await previewJob(command.tenantId, command.request) };
    const respond = makeRespond(request, context);
    return respond(await submitJob(command));
  };

  const retry: Route['handle'] = async (request, context) => {
    const command = toRetryCommand(request);
    const respond = makeRespond(request, context);
    return respond(await retryJob(command));
  };

  return { create, retry };
}
