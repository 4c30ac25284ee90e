import type { ServedPools } from '@afterimage/app-config';
import { type Clock, type JobStore, newJob, type NewJob, seeded } from '@afterimage/job-core';
import { type CreateJob, type JobRecord, fingerprint, idempotentJobId } from '@afterimage/job-schemas';
import type { Submitted } from './accept-job.ts';
import { makeCheckReferences } from './check-references.ts';
import { poolFor } from './check-request.ts';

export interface SubmitCommand {
  readonly tenantId: string;
  readonly path: string;
  /** The body as the client sent it, for its fingerprint. */
  readonly body: unknown;
  readonly request: CreateJob;
  readonly idempotencyKey: string | undefined;
  readonly traceparent: string | null;
}

export interface SubmitJobPorts {
  readonly jobs: Pick<JobStore, 'get'>;
  readonly acceptJob: (record: JobRecord) => Promise<Submitted>;
  readonly pools: ServedPools;
  readonly allowLoopbackWebhooks: boolean;
  readonly now: Clock;
  readonly newJobId: () => string;
  /** A random integer from 0 to 2^32 - 1. */
  readonly newSeed: () => number;
}

function toNewJob(command: SubmitCommand, pool: string, id: string, newSeed: () => number): NewJob {
  const { input, ...request } = command.request;
  const { tenantId, body, traceparent } = command;
  return {
    ...request,
    input: seeded(input, newSeed),
    id,
    tenantId,
    pool,
    fingerprint: fingerprint(body),
    traceparent,
    retryOf: null,
  };
}

/** Makes a job of a request and accepts it. @throws ProblemError that names what is wrong with the request */
export function makeSubmitJob(ports: SubmitJobPorts) {
  const { jobs, acceptJob, pools, allowLoopbackWebhooks, now, newJobId, newSeed } = ports;
  const checkReferences = makeCheckReferences({ jobs, now });

  /** What a request refers to may be gone when it is repeated: its answer must be the first one all the same. */
  async function checkUnlessRepeated({ tenantId, request, idempotencyKey }: SubmitCommand, id: string): Promise<void> {
    try {
      await checkReferences(request, tenantId);
    } catch (error) {
      if (idempotencyKey === undefined || (await jobs.get(id)) === undefined) throw error;
    }
  }

  return async function submitJob(command: SubmitCommand): Promise<Submitted> {
    const { tenantId, path, idempotencyKey, request } = command;
    const pool = poolFor(request, pools, { allowLoopbackWebhooks });
    const id = idempotencyKey === undefined ? newJobId() : idempotentJobId(tenantId, path, idempotencyKey);
    await checkUnlessRepeated(command, id);
    return acceptJob(newJob(toNewJob(command, pool, id, newSeed), now()));
  };
}
