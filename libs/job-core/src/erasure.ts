/**
 * Erasure of a job that has ended. Two changes with the deletion of its files between them:
 *
 *   terminal ──erase──▶ tombstone, due ──(delete the files)──▶ confirmErased ──▶ tombstone
 *
 * Neither changes the status. A crash between them leaves the job due, and deleting files again does no harm.
 */
import type { JobRecord } from '@afterimage/job-schemas';
import type { JobChange } from './job-change.ts';
import { after } from './lifecycle.ts';

/** Seconds after which the deletion of an erased job's files is overdue. */
export const ERASE_GRACE_SECONDS = 60;

const TERMINAL = ['succeeded', 'failed', 'canceled', 'expired'] as const;

/** Everything that came from the client or was made of it is gone with this write; what is left tells that there was a job. */
export function erase(job: Pick<JobRecord, 'version' | 'legacy'>, now: Date): JobChange {
  return {
    guard: { status: TERMINAL, version: job.version },
    set: {
      erasedAt: now.toISOString(),
      // The raw form takes any body, so an empty one too.
      input: { raw: {} },
      outputs: [],
      metadata: {},
      // Without its id and prefix the files would not be found.
      legacy: job.legacy === null ? null : { ...job.legacy, context: 'null' },
      webhook: null,
      progress: null,
      error: null,
      timeline: [],
      dueAt: after(now, ERASE_GRACE_SECONDS),
    },
    bumpsVersion: true,
  };
}

/** The files of the tombstone are deleted: nobody has to do anything for it any more. */
export function confirmErased(job: Pick<JobRecord, 'version'>): JobChange {
  return { guard: { status: TERMINAL, version: job.version }, set: { legacy: null, dueAt: null }, bumpsVersion: false };
}

/** Prefix of the keys of a job's outputs, those of every attempt. */
export function outputPrefix({ tenantId, id }: Pick<JobRecord, 'tenantId' | 'id'>): string {
  return `outputs/${tenantId}/${id}/`;
}

/** First part of the keys of previews: what a worker that was killed left under it, the bucket forgets after a day. */
export const PREVIEWS_PREFIX = 'previews/';

/** Prefix of the keys of a job's previews, those of every attempt. */
export function previewPrefix({ tenantId, id }: Pick<JobRecord, 'tenantId' | 'id'>): string {
  return `${PREVIEWS_PREFIX}${tenantId}/${id}/`;
}

/** Key of the preview of the job's current attempt, each of which takes the place of the one before. */
export function previewKey(job: Pick<JobRecord, 'tenantId' | 'id' | 'attempt'>): string {
  return `${previewPrefix(job)}${job.attempt}.webp`;
}
