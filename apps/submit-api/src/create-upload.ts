import { type Clock, signedUntil, type UploadStore } from '@afterimage/job-core';
import { type CreateUpload, LIMITS, type Upload, uploadIdOf } from '@afterimage/job-schemas';
import type { Log } from '@afterimage/telemetry';

export interface CreateUploadPorts {
  readonly uploads: Pick<UploadStore, 'storedAt' | 'signPut'>;
  readonly now: Clock;
  readonly log: Log;
}

/** How long the client has to begin the upload. */
const URL_SECONDS = 900;
const DAY_MS = 86_400_000;
/** An upload with less than a day to live is not given out again: the job that uses it may start late. */
const REUSE_MS = (LIMITS.uploadDays - 1) * DAY_MS;

/** Signs the upload of an image, unless the tenant has uploaded the same bytes before. */
export function makeCreateUpload({ uploads, now, log }: CreateUploadPorts) {
  return async function createUpload(tenantId: string, request: CreateUpload): Promise<Upload> {
    const id = uploadIdOf(tenantId, request.sha256);
    const time = now();
    const storedAt = await uploads.storedAt(tenantId, id);
    const deduplicated = storedAt !== undefined && time.getTime() - storedAt.getTime() < REUSE_MS;
    log.info('upload asked for', { uploadId: id, tenantId, bytes: request.bytes, deduplicated });
    const upload = { id, object: 'upload', ...request } as const;
    if (deduplicated) return { ...upload, deduplicated, url: null, method: null, headers: null, expiresAt: null };
    const signed = await uploads.signPut(tenantId, id, { ...request, expiresInSeconds: URL_SECONDS });
    const { url, headers } = signed;
    const expiresAt = signedUntil(signed, time, URL_SECONDS);
    return { ...upload, deduplicated, url, method: 'PUT', headers, expiresAt };
  };
}
