import type { Job, JobRecord, StoredOutput } from '@afterimage/job-schemas';
import { isTerminal } from '@afterimage/job-schemas';

/** A signed URL and the ISO time of its end. */
export interface SignedUrl {
  readonly url: string;
  readonly expiresAt: string;
}

export interface PresentOptions {
  /** Base URL of the API without a slash at its end. */
  readonly apiUrl: string;
  readonly now: Date;
  /** Signed URLs by object key; an output without one shows `url: null`, and so does a preview. */
  readonly signedUrls?: ReadonlyMap<string, SignedUrl>;
}

/** X-Ray's form (`1-8 hex-24 hex`) of a W3C traceparent's trace id; null when there is none. */
export function traceIdOf(traceparent: string | null): string | null {
  const id = /^00-([0-9a-f]{8})([0-9a-f]{24})-/.exec(traceparent ?? '');
  return id === null ? null : `1-${id[1]}-${id[2]}`;
}

function presentProgress({ status, progress }: JobRecord, signedUrls: PresentOptions['signedUrls']): Job['progress'] {
  if (progress === null) return null;
  const { previewKey, ...told } = progress;
  const preview = previewKey === undefined || isTerminal(status) ? undefined : signedUrls?.get(previewKey);
  return { ...told, previewUrl: preview?.url ?? null };
}

/** How long a job that has been started waited for it; its record has it, with the other timings, once it has succeeded. */
function queuedMsOf({ attempts: [first], createdAt }: JobRecord): number | null {
  return first === undefined ? null : Math.max(0, Date.parse(first.startedAt) - Date.parse(createdAt));
}

/** The job as clients see it. Null where there is no value; nothing of leases, tokens or the tenant. */
export function presentJob(job: JobRecord, options: PresentOptions): Job {
  const self = `${options.apiUrl}/v1/jobs/${job.id}`;
  const isExpired = job.expiresAt <= options.now.toISOString();
  const present = (output: StoredOutput): Job['outputs'][number] => {
    const signed = isExpired ? undefined : options.signedUrls?.get(output.key);
    const { key: _key, thumbnailKey, ...file } = output;
    const thumbnail = isExpired || thumbnailKey === null ? undefined : options.signedUrls?.get(thumbnailKey);
    return {
      ...file,
      state: isExpired ? 'expired' : 'available',
      contentUrl: `${self}/outputs/${output.index}/content`,
      url: signed?.url ?? null,
      urlExpiresAt: signed?.expiresAt ?? null,
      thumbnailUrl: thumbnail?.url ?? null,
    };
  };
  return {
    id: job.id,
    object: 'job',
    status: job.status,
    phase: job.phase,
    version: job.version,
    model: job.model,
    pool: job.pool,
    task: job.task,
    input: job.input,
    output: job.output,
    policy: job.policy,
    queue: { ahead: null, estimatedStartSeconds: null },
    progress: presentProgress(job, options.signedUrls),
    outputs: job.outputs.map(present),
    error: job.error,
    attempts: job.attempts,
    timings: { ...job.timings, queuedMs: job.timings.queuedMs ?? queuedMsOf(job) },
    createdAt: job.createdAt,
    startedAt: job.startedAt,
    finishedAt: job.finishedAt,
    cancelRequestedAt: job.cancelRequestedAt,
    expiresAt: job.expiresAt,
    batchId: job.batchId,
    retryOf: job.retryOf,
    metadata: job.metadata,
    traceId: traceIdOf(job.traceparent),
    links: {
      self,
      cancel: isTerminal(job.status) ? null : `${self}/cancel`,
      events: `${self}/events`,
      retry: isTerminal(job.status) ? `${self}/retry` : null,
    },
  };
}
