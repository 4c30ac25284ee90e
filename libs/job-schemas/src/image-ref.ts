import * as z from 'zod';
import { idPattern } from './ids.ts';
import { LIMITS } from './limits.ts';

const OUTPUT_NUMBER = /^(0|[1-7])$/;

function isJobOutput(value: string): boolean {
  const [jobId = '', number = '', ...more] = value.split('/');
  return more.length === 0 && idPattern('job').test(jobId) && OUTPUT_NUMBER.test(number);
}

/**
 * Where an input image comes from: an upload, an https URL, or an output of an earlier job (`job_.../0`).
 * Exactly one of the three.
 */
export const imageRefSchema = z
  .strictObject({
    uploadId: z.string().regex(idPattern('upl'), 'must be the id of an upload').optional(),
    url: z
      .url({ protocol: /^https$/, error: 'must be an https URL' })
      .max(LIMITS.webhookUrlCharacters)
      .optional(),
    jobOutput: z.string().refine(isJobOutput, 'must be a job id, a slash and the number of an output').optional(),
  })
  .refine((ref) => Object.values(ref).filter((value) => value !== undefined).length === 1, {
    message: 'must have exactly one of uploadId, url, jobOutput',
  });
export type ImageRef = z.infer<typeof imageRefSchema>;

/** The parts of a job output's reference. */
export function parseJobOutput(jobOutput: string): { readonly jobId: string; readonly index: number } {
  const [jobId = '', index = ''] = jobOutput.split('/');
  return { jobId, index: Number(index) };
}
