import type { JobRecord } from '@afterimage/job-schemas';
import type { Clock, OutputStore } from '../ports.ts';
import type { SignedUrl } from './present-job.ts';

export interface SignOutputsPorts {
  readonly outputs: Pick<OutputStore, 'signUrl'>;
  readonly expiresInSeconds: number;
  readonly now: Clock;
}

/** Fresh signed URLs of a job's files, by object key; they end no later than the files do. */
export function makeSignOutputs({ outputs, expiresInSeconds, now }: SignOutputsPorts) {
  return async function signOutputs(
    job: Pick<JobRecord, 'outputs' | 'expiresAt'>,
  ): Promise<ReadonlyMap<string, SignedUrl>> {
    const time = now();
    const leftSeconds = Math.floor((Date.parse(job.expiresAt) - time.getTime()) / 1000);
    const seconds = Math.min(expiresInSeconds, leftSeconds);
    if (seconds <= 0) return new Map();
    const expiresAt = new Date(time.getTime() + seconds * 1000).toISOString();
    const keys = job.outputs.flatMap(({ key, thumbnailKey }) => (thumbnailKey === null ? [key] : [key, thumbnailKey]));
    const entries = keys.map(async (key) => {
      const url = await outputs.signUrl(key, { expiresInSeconds: seconds });
      return [key, { url, expiresAt }] as const;
    });
    return new Map(await Promise.all(entries));
  };
}
