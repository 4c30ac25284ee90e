import type { ServedPools } from '@afterimage/app-config';
import type { Submitted } from '@afterimage/job-commands';
import { type Clock, newJob, ProblemError, type UploadStore } from '@afterimage/job-core';
import {
  fingerprint,
  type JobRecord,
  legacyJobId,
  LIMITS,
  outputOptionsSchema,
  policySchema,
  TASK_OF_TYPE,
} from '@afterimage/job-schemas';
import { chooseModel } from './choose-model.ts';
import { type TaskInput, toTaskInput } from './task-input.ts';
import type { TaskCommand } from './task-command.ts';

export interface SubmitTaskPorts {
  readonly uploads: Pick<UploadStore, 'store'>;
  readonly acceptJob: (record: JobRecord) => Promise<Submitted>;
  readonly pools: ServedPools;
  readonly now: Clock;
  /** A random integer from 0 to 2^32 - 1. */
  readonly newSeed: () => number;
}

/** What is said of an idempotency key is said of the client's id here. */
function asTaskProblem(cause: unknown, id: string): unknown {
  if (!(cause instanceof ProblemError)) return cause;
  const { code, details } = cause;
  if (code === 'idempotency-key-reused') {
    return new ProblemError(code, { ...details, detail: `the id "${id}" was used before, with another payload` });
  }
  if (code === 'output-expired') {
    return new ProblemError(code, { ...details, detail: `the id "${id}" stands for a job that was erased` });
  }
  return cause;
}

/**
 * Makes a job of a request in the form of the guidance. Its id stands for the job: the same request again is the same job,
 * and another one under this id is refused.
 * @throws ProblemError that names what is wrong with the request
 */
export function makeSubmitTask({ uploads, acceptJob, pools, now, newSeed }: SubmitTaskPorts) {
  function withSeed(input: TaskInput['input']): JobRecord['input'] {
    return 'prompt' in input ? { ...input, seed: input.seed ?? newSeed() } : input;
  }

  return async function submitTask(command: TaskCommand): Promise<Submitted> {
    const { tenantId, id, tasktype, prefix, context, traceparent } = command;
    const origin = { id, prefix, tasktype, context: JSON.stringify(context) };
    const { runtime, checkpoint } = command.routing;
    const chosen = chooseModel(pools, command.routing);
    const { input, inline } = toTaskInput(command, chosen);
    await Promise.all(inline.map(({ uploadId, ...image }) => uploads.store(tenantId, uploadId, image)));
    const record = newJob(
      {
        id: legacyJobId(tenantId, id),
        tenantId,
        pool: chosen.pool.name,
        model: chosen.model.id,
        task: TASK_OF_TYPE[tasktype],
        input: withSeed(input),
        output: outputOptionsSchema.parse({}),
        // The guidance keeps a message for four days; a day is the longest that a job waits here.
        policy: policySchema.parse({ startWithinSeconds: LIMITS.startWithinSeconds.max }),
        webhook: null,
        metadata: {},
        fingerprint: fingerprint({ ...origin, runtime, checkpoint, content: command.content }),
        traceparent,
        retryOf: null,
        legacy: origin,
      },
      now(),
    );
    try {
      return await acceptJob(record);
    } catch (error) {
      throw asTaskProblem(error, id);
    }
  };
}
