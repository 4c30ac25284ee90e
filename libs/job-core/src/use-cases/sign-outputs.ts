import { isTerminal, type JobRecord } from '@afterimage/job-schemas';
import type { Clock, OutputStore } from '../ports.ts';
import type { SignedUrl } from './present-job.ts';
import { signedUntil } from './signed-until.ts';

export interface SignOutputsPorts {
  readonly outputs: Pick<OutputStore, 'signUrl'>;
  readonly expiresInSeconds: number;
  readonly now: Clock;
}

function keysOf({ status, progress, outputs }: Pick<JobRecord, 'status' | 'progress' | 'outputs'>): string[] {
  const files = outputs.flatMap(({ key, thumbnailKey }) => (thumbnailKey === null ? [key] : [key, thumbnailKey]));
  const preview = isTerminal(status) ? undefined : progress?.previewKey;
  return preview === undefined ? files : [...files, preview];
}

/**
 * Fresh signed URLs of a job's files, and of its preview while it runs, by object key; they end no later than the files or the
 * signer's credentials do.
 */
export function makeSignOutputs({ outputs, expiresInSeconds, now }: SignOutputsPorts) {
  return async function signOutputs(
    job: Pick<JobRecord, 'status' | 'progress' | 'outputs' | 'expiresAt'>,
  ): Promise<ReadonlyMap<string, SignedUrl>> {
    const time = now();
    const leftSeconds = Math.floor((Date.parse(job.expiresAt) - time.getTime()) / 1000);
    const seconds = Math.min(expiresInSeconds, leftSeconds);
    if (seconds <= 0) return new Map();
    const entries = keysOf(job).map(async (key) => {
      const signed = await outputs.signUrl(key, { expiresInSeconds: seconds });
      return [key, { url: signed.url, expiresAt: signedUntil(signed, time, seconds) }] as const;
    });
    return new Map(await Promise.all(entries));
  };
}
