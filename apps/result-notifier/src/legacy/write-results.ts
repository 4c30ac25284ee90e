import { createHash } from 'node:crypto';
import { legacyStem, type OutputStore } from '@afterimage/job-core';
import type { JobRecord, LegacyOrigin, StoredOutput } from '@afterimage/job-schemas';
import { outFile } from './out-file.ts';

export interface WriteResultsPorts {
  readonly outputs: Pick<OutputStore, 'put' | 'copy'>;
  readonly bucket: string;
}

/** Addresses of the form `s3://bucket/key`. */
export interface LegacyResults {
  readonly imageUrls: string[];
  readonly outputUrl: string;
}

/** A file that the job's record names is gone: the job was erased in the meantime, or it has expired. */
export class ResultGoneError extends Error {
  override readonly name = 'ResultGoneError';
}

/**
 * Puts the results of a job that has ended where a client of the guidance looks for them: the files of the attempt that was
 * committed, and no other, counted from 1, and the `.out` file beside them. Doing so again writes the same objects.
 */
export function makeWriteResults({ outputs, bucket }: WriteResultsPorts) {
  async function copyOne({ key, index }: StoredOutput, stem: string): Promise<string> {
    const to = `${stem}-${index + 1}${key.slice(key.lastIndexOf('.'))}`;
    if (await outputs.copy(key, to)) return `s3://${bucket}/${to}`;
    throw new ResultGoneError(`the output ${index} is not there`);
  }

  /** @throws ResultGoneError */
  return async function writeResults(job: JobRecord, origin: LegacyOrigin): Promise<LegacyResults> {
    const stem = legacyStem(job, origin);
    const made = job.status === 'succeeded' ? job.outputs : [];
    const imageUrls = await Promise.all(made.map((output) => copyOne(output, stem)));
    const body = Buffer.from(JSON.stringify(outFile(job, origin)));
    const key = `${stem}.out`;
    const sha256 = createHash('sha256').update(body).digest('hex');
    await outputs.put({ key, body, contentType: 'application/json', sha256 });
    return { imageUrls, outputUrl: `s3://${bucket}/${key}` };
  };
}
