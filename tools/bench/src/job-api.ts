import { jobListSchema, jobSchema, type Job, type JobStatus } from '@afterimage/job-schemas';

const REQUEST_TIMEOUT_MS = 35_000;
const PAGE_SIZE = 100;

export interface SubmitRequest {
  readonly size: number;
  readonly steps: number;
  readonly seed: number;
  readonly idempotencyKey: string;
}

/** The public API as the benchmark uses it. Nothing is retried: a failure is a result. */
export interface JobApi {
  submit(request: SubmitRequest, signal: AbortSignal): Promise<Job>;
  /** Whether any job of this state was created after `createdAfter` (ISO); one small request. */
  hasAny(status: JobStatus, createdAfter: string, signal: AbortSignal): Promise<boolean>;
  /** Every job created after `createdAfter` (ISO), page by page. */
  listAll(createdAfter: string, signal: AbortSignal): Promise<Job[]>;
}

export interface JobApiOptions {
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly model: string;
}

export function makeJobApi({ apiUrl, apiKey, model }: JobApiOptions): JobApi {
  async function send(path: string, init: RequestInit, signal: AbortSignal): Promise<unknown> {
    const response = await fetch(`${apiUrl}${path}`, {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${apiKey}` },
      signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${path} answered ${response.status}: ${text}`);
    return JSON.parse(text);
  }

  async function page(parameters: Record<string, string>, signal: AbortSignal) {
    return jobListSchema.parse(await send(`/v1/jobs?${new URLSearchParams(parameters)}`, {}, signal));
  }

  return {
    async submit({ size, steps, seed, idempotencyKey }, signal) {
      const input = { prompt: 'a red boat on a calm sea at dusk', width: size, height: size, steps, seed };
      const body = JSON.stringify({ model, task: 'text-to-image', input });
      const headers = { 'content-type': 'application/json', 'idempotency-key': `"${idempotencyKey}"` };
      return jobSchema.parse(await send('/v1/jobs', { method: 'POST', headers, body }, signal));
    },
    async hasAny(status, createdAfter, signal) {
      return (await page({ status, createdAfter, limit: '1' }, signal)).data.length > 0;
    },
    async listAll(createdAfter, signal) {
      const jobs: Job[] = [];
      let cursor: string | null = null;
      do {
        const next = await page(
          { createdAfter, limit: String(PAGE_SIZE), ...(cursor === null ? {} : { cursor }) },
          signal,
        );
        jobs.push(...next.data);
        cursor = next.nextCursor;
      } while (cursor !== null);
      return jobs;
    },
  };
}
