import { findModel, type ServedPools } from '@afterimage/app-config';
import { invalidFields } from '@afterimage/app-host/http';
import { type Clock, type JobStore, newJob, ProblemError } from '@afterimage/job-core';
import {
  fingerprint,
  idempotentJobId,
  isTerminal,
  type JobInput,
  type JobRecord,
  policySchema,
  type RetryJob,
} from '@afterimage/job-schemas';
import { replayOf, type Submitted } from './accept-job.ts';
import { modelNotAvailable } from './check-request.ts';

export interface RetryCommand {
  readonly tenantId: string;
  readonly path: string;
  readonly sourceId: string;
  /** The body as the client sent it; undefined when it sent none. */
  readonly body: unknown;
  readonly request: RetryJob;
  readonly idempotencyKey: string | undefined;
  readonly traceparent: string | null;
}

export interface RetryJobPorts {
  readonly jobs: Pick<JobStore, 'get'>;
  readonly getJob: (tenantId: string, jobId: string) => Promise<JobRecord>;
  readonly acceptJob: (record: JobRecord) => Promise<Submitted>;
  readonly pools: ServedPools;
  readonly now: Clock;
  readonly newJobId: () => string;
}

/** @throws ProblemError when the input has no seed of its own, as an upscale's or a workflow's */
function withSeed(source: JobRecord, seed: number | undefined): JobInput {
  const { input, task } = source;
  if (seed === undefined) return input;
  if ('prompt' in input) return { ...input, seed };
  const detail = `must be left out: the input of this ${task} job has no seed`;
  throw invalidFields([{ pointer: '#/input/seed', code: 'unsupported', detail }]);
}

function jobNotTerminal({ id, status }: JobRecord): ProblemError {
  return new ProblemError('job-not-terminal', {
    detail: `the job ${id} is ${status}: it has not ended yet`,
    jobId: id,
  });
}

/** Accepts a new job that repeats one which has ended, with its seed and policy unless the request has others. */
export function makeRetryJob({ jobs, getJob, acceptJob, pools, now, newJobId }: RetryJobPorts) {
  return async function retryJob(command: RetryCommand): Promise<Submitted> {
    const { tenantId, path, sourceId, request, idempotencyKey, traceparent } = command;
    const id = idempotencyKey === undefined ? newJobId() : idempotentJobId(tenantId, path, idempotencyKey);
    const print = fingerprint(command.body ?? {});
    // A key that was used stands for its job, whatever has become of the source since.
    const earlier = idempotencyKey === undefined ? undefined : await jobs.get(id);
    if (earlier !== undefined) return replayOf(earlier, print);
    const source = await getJob(tenantId, sourceId);
    if (!isTerminal(source.status)) throw jobNotTerminal(source);
    const found = findModel(pools, source.model);
    if (found === undefined) throw modelNotAvailable(pools, source.model);
    const { model, task, output, webhook, metadata } = source;
    const record = newJob(
      {
        id,
        tenantId,
        pool: found.pool.name,
        model,
        task,
        input: withSeed(source, request.input.seed),
        output,
        policy: policySchema.parse({ ...source.policy, ...request.policy }),
        webhook,
        metadata,
        fingerprint: print,
        traceparent,
        retryOf: source.id,
        legacy: source.legacy,
      },
      now(),
    );
    return acceptJob(record);
  };
}
