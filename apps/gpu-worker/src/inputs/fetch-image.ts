import { type Clock, type JobStore, type OutputStore, type UploadStore } from '@afterimage/job-core';
import { type ImageRef, LIMITS, parseJobOutput } from '@afterimage/job-schemas';
import { EgressError, type FetchedBody } from '@afterimage/safe-egress';
import { EngineError } from '../engines/engine-error.ts';

export interface FetchImagePorts {
  readonly uploads: UploadStore;
  readonly jobs: Pick<JobStore, 'get'>;
  readonly outputs: Pick<OutputStore, 'get'>;
  /** Gets what a tenant's URL names. @throws EgressError */
  readonly fetchUrl: (
    url: string,
    options: { readonly maxBytes: number; readonly signal: AbortSignal },
  ) => Promise<Pick<FetchedBody, 'data'>>;
  readonly now: Clock;
}

/** What went wrong without a word of where the image is: a URL can be signed. */
class UnfetchableError extends Error {
  override readonly name = 'UnfetchableError';
}

const maxBytes = LIMITS.inputImageBytes;

function describe(cause: unknown): { what: string; isRetryable: boolean } {
  if (cause instanceof UnfetchableError) return { what: cause.message, isRetryable: false };
  if (cause instanceof EgressError) return { what: cause.message, isRetryable: cause.isTransient };
  if (cause instanceof RangeError) return { what: `it is larger than ${maxBytes} bytes`, isRetryable: false };
  return { what: 'the store cannot be read now', isRetryable: true };
}

/**
 * Gets the bytes that a reference names, of the tenant's own things and of public servers alone.
 * @throws EngineError `input_fetch_failed`; the signal's reason when it aborts
 */
export function makeFetchImage({ uploads, jobs, outputs, fetchUrl, now }: FetchImagePorts) {
  async function fetchUpload(tenantId: string, uploadId: string, signal: AbortSignal): Promise<Uint8Array> {
    const data = await uploads.get(tenantId, uploadId, { maxBytes, signal });
    if (data === undefined) throw new UnfetchableError(`there is no upload ${uploadId}`);
    return data;
  }

  async function fetchOutput(tenantId: string, jobOutput: string, signal: AbortSignal): Promise<Uint8Array> {
    const { jobId, index } = parseJobOutput(jobOutput);
    const job = await jobs.get(jobId);
    if (job === undefined || job.tenantId !== tenantId) throw new UnfetchableError(`there is no job ${jobId}`);
    if (job.status !== 'succeeded') throw new UnfetchableError(`the job ${jobId} has not succeeded: ${job.status}`);
    const output = job.outputs.find((each) => each.index === index);
    if (output === undefined) throw new UnfetchableError(`the job ${jobId} has no output ${index}`);
    const expired = new UnfetchableError(`the outputs of the job ${jobId} have expired`);
    if (job.expiresAt <= now().toISOString()) throw expired;
    const data = await outputs.get(output.key, { maxBytes, signal });
    if (data === undefined) throw expired;
    return data;
  }

  async function fetchRef(tenantId: string, ref: ImageRef, signal: AbortSignal): Promise<Uint8Array> {
    if (ref.uploadId !== undefined) return fetchUpload(tenantId, ref.uploadId, signal);
    if (ref.jobOutput !== undefined) return fetchOutput(tenantId, ref.jobOutput, signal);
    if (ref.url === undefined) throw new UnfetchableError('it refers to nothing');
    return (await fetchUrl(ref.url, { maxBytes, signal })).data;
  }

  /** @param field names the image in messages */
  return async function fetchImage(
    { tenantId, field, ref }: { readonly tenantId: string; readonly field: string; readonly ref: ImageRef },
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    signal.throwIfAborted();
    try {
      return await fetchRef(tenantId, ref, signal);
    } catch (cause) {
      signal.throwIfAborted();
      const { what, isRetryable } = describe(cause);
      throw new EngineError('input_fetch_failed', `${field} cannot be fetched: ${what}`, { isRetryable, cause });
    }
  };
}
