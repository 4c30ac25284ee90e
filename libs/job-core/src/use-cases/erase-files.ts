import type { JobRecord } from '@afterimage/job-schemas';
import { confirmErased, outputPrefix, previewPrefix } from '../erasure.ts';
import { legacyStem } from '../legacy-results.ts';
import type { JobStore, OutputStore } from '../ports.ts';

export interface EraseFilesPorts {
  readonly jobs: Pick<JobStore, 'change'>;
  readonly outputs: Pick<OutputStore, 'deleteAll' | 'deleteFiles'>;
}

/** Deletes the files of an erased job, then confirms it on the tombstone. When it fails in between, the job stays due. */
export function makeEraseFiles({ jobs, outputs }: EraseFilesPorts) {
  return async function eraseFiles(job: JobRecord): Promise<void> {
    await outputs.deleteAll(outputPrefix(job));
    await outputs.deleteAll(previewPrefix(job));
    if (job.legacy !== null) await outputs.deleteFiles(legacyStem(job, job.legacy));
    await jobs.change(job.id, confirmErased(job));
  };
}
