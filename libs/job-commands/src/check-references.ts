import { invalidFields } from '@afterimage/app-host/http';
import type { Clock, JobStore } from '@afterimage/job-core';
import {
  type CreateJob,
  type FieldError,
  imageRefsOf,
  type JobRecord,
  LIMITS,
  parseJobOutput,
  type StoredOutput,
} from '@afterimage/job-schemas';

export interface CheckReferencesPorts {
  readonly jobs: Pick<JobStore, 'get'>;
  readonly now: Clock;
}

/** What engines can read. */
const INPUT_TYPES = ['image/png', 'image/jpeg', 'image/webp'];

type Problem = Pick<FieldError, 'code' | 'detail' | 'limit'>;

/** The worker refuses the same of every image, but later: an upscaled picture can be too large to be an input. */
function fileProblemOf({ contentType, width, height, bytes }: StoredOutput): Problem | undefined {
  if (!INPUT_TYPES.includes(contentType)) {
    const detail = `must be one of ${INPUT_TYPES.join(', ')}, got ${contentType}`;
    return { code: 'unsupported_type', detail, limit: INPUT_TYPES };
  }
  const { min, max } = LIMITS.side;
  if (Math.min(width, height) < min || Math.max(width, height) > max) {
    const detail = `must be ${min} to ${max} pixels wide and high, got ${width} × ${height}`;
    return { code: 'unsupported_size', detail, limit: max };
  }
  if (bytes <= LIMITS.inputImageBytes) return undefined;
  const limit = LIMITS.inputImageBytes;
  return { code: 'too_big', detail: `must have at most ${limit} bytes, got ${bytes}`, limit };
}

function problemOf(job: JobRecord, index: number, now: string): Problem | undefined {
  if (job.status !== 'succeeded') {
    return { code: 'not_succeeded', detail: `must be an output of a succeeded job, this one is ${job.status}` };
  }
  const output = job.outputs.find((each) => each.index === index);
  if (output === undefined) {
    return { code: 'not_found', detail: `must be one of the job's ${job.outputs.length} outputs, got ${index}` };
  }
  if (job.expiresAt <= now) return { code: 'expired', detail: `must not have expired, did so at ${job.expiresAt}` };
  return fileProblemOf(output);
}

/**
 * Checks that every output that a request refers to is there to be used. Uploads and URLs are looked at by the worker
 * alone, which has to look at their bytes anyway.
 */
export function makeCheckReferences({ jobs, now }: CheckReferencesPorts) {
  async function check(tenantId: string, jobOutput: string): Promise<Problem | undefined> {
    const { jobId, index } = parseJobOutput(jobOutput);
    const job = await jobs.get(jobId);
    // Another tenant's job is not told apart from none.
    if (job === undefined || job.tenantId !== tenantId) {
      return { code: 'not_found', detail: `must be an output of one of your jobs, there is no ${jobId}` };
    }
    return problemOf(job, index, now().toISOString());
  }

  /** @throws ProblemError `validation-failed`, with an error for each wrong reference */
  return async function checkReferences(request: CreateJob, tenantId: string): Promise<void> {
    const errors = await Promise.all(
      imageRefsOf(request.input).map(async ({ path, ref }): Promise<FieldError[]> => {
        const problem = ref.jobOutput === undefined ? undefined : await check(tenantId, ref.jobOutput);
        return problem === undefined ? [] : [{ pointer: ['#', ...path, 'jobOutput'].join('/'), ...problem }];
      }),
    );
    if (errors.flat().length > 0) throw invalidFields(errors.flat());
  };
}
