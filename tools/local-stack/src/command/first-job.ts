import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isTerminal, jobSchema, problemSchema, type Job } from '@afterimage/job-schemas';
import type { ProgressView } from './progress.ts';

export interface FirstJobOptions {
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly model: string;
  readonly prompt: string;
  /** Folder of the picture. */
  readonly outputs: string;
  readonly signal: AbortSignal;
  readonly progress: ProgressView;
}

const POLL_INTERVAL_MS = 200;
const REQUEST_TIMEOUT_MS = 30_000;

interface Request {
  readonly method?: 'POST';
  readonly body?: unknown;
}

async function call(options: FirstJobOptions, path: string, { method, body }: Request = {}): Promise<Response> {
  const response = await fetch(new URL(path, options.apiUrl), {
    method: method ?? 'GET',
    headers: {
      authorization: `Bearer ${options.apiKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.any([options.signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
  });
  if (response.ok) return response;
  const problem = problemSchema.safeParse(await response.json().catch(() => undefined));
  throw new Error(
    `${path} answered ${response.status}: ${problem.success ? problem.data.detail : response.statusText}`,
  );
}

async function readJob(response: Response): Promise<Job> {
  return jobSchema.parse(await response.json());
}

async function waitForEnd(options: FirstJobOptions, created: Job): Promise<Job> {
  let job = created;
  while (!isTerminal(job.status)) {
    options.progress.show(job.phase ?? job.status, job.progress?.fraction ?? 0);
    await pause(POLL_INTERVAL_MS, undefined, { signal: options.signal });
    job = await readJob(await call(options, `/v1/jobs/${job.id}`));
  }
  return job;
}

/**
 * Makes a picture through the public API, as any client would.
 * @returns the path of the picture
 * @throws Error when the job does not succeed
 */
export async function runFirstJob(options: FirstJobOptions): Promise<string> {
  const body = { model: options.model, task: 'text-to-image', input: { prompt: options.prompt } };
  let job: Job;
  try {
    job = await waitForEnd(options, await readJob(await call(options, '/v1/jobs', { method: 'POST', body })));
    if (job.status === 'succeeded') options.progress.show(job.status, 1);
  } finally {
    options.progress.end();
  }
  const [output] = job.outputs;
  if (output === undefined)
    throw new Error(`${job.id} ended ${job.status}: ${job.error?.message ?? 'without a picture'}`);
  // The redirect leads to the object store, and fetch keeps the API key from another origin.
  const picture = await call(options, output.contentUrl);
  const file = join(options.outputs, `${job.id}-${output.index}.png`);
  writeFileSync(file, Buffer.from(await picture.arrayBuffer()));
  return file;
}
