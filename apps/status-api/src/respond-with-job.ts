import { type ApiResponse, etagOf } from '@afterimage/app-host/lambda';
import { type Clock, presentJob, retryAfterSeconds, type SignedUrl } from '@afterimage/job-core';
import type { Job, JobRecord } from '@afterimage/job-schemas';

export interface RespondWithJobPorts {
  readonly signOutputs: (job: JobRecord) => Promise<ReadonlyMap<string, SignedUrl>>;
  readonly apiUrl: string;
  readonly now: Clock;
}

/** Shows jobs to their clients, with signed URLs. */
export function makeRespondWithJob({ signOutputs, apiUrl, now }: RespondWithJobPorts) {
  /** Entity tag of the job, and when to ask for it again. */
  function headersOf(job: JobRecord): Record<string, string> {
    const seconds = retryAfterSeconds(job, now());
    return { etag: etagOf(job), ...(seconds === undefined ? {} : { 'retry-after': String(seconds) }) };
  }

  async function present(job: JobRecord): Promise<Job> {
    return presentJob(job, { apiUrl, now: now(), signedUrls: await signOutputs(job) });
  }

  async function respond(status: number, job: JobRecord, headers: Record<string, string> = {}): Promise<ApiResponse> {
    return { status, headers: { ...headersOf(job), ...headers }, body: await present(job) };
  }

  return { present, respond, headersOf };
}
