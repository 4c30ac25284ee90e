import type { Pools } from '@afterimage/app-config';
import { type Clock, type JobStore, newJob, type NewJob, ProblemError } from '@afterimage/job-core';
import { type CreateJob, type JobRecord, fingerprint, idempotentJobId } from '@afterimage/job-schemas';
import type { Log } from '@afterimage/telemetry';
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
  readonly jobs: Pick<JobStore, 'create'>;
  /** Publishes the claim check and confirms it on the job. */
  readonly enqueue: (job: JobRecord) => Promise<void>;
  /** Publishes the event of the job's state. */
  readonly announce: (job: JobRecord) => Promise<void>;
  readonly pools: Pools;
  readonly allowLoopbackWebhooks: boolean;
  readonly now: Clock;
  readonly newJobId: () => string;
  /** A random integer from 0 to 2^32 - 1. */
  readonly newSeed: () => number;
  readonly log: Log;
}

export interface Submitted {
  readonly job: JobRecord;
  /** The idempotency key had already been used for the same request. */
  readonly isReplay: boolean;
}

function toNewJob(command: SubmitCommand, pool: string, id: string, newSeed: () => number): NewJob {
  const { input, ...request } = command.request;
  const { tenantId, body, traceparent } = command;
  return {
    ...request,
    input: 'prompt' in input ? { ...input, seed: input.seed ?? newSeed() } : input,
    id,
    tenantId,
    pool,
    fingerprint: fingerprint(body),
    traceparent,
  };
}

/** Accepts a job: put, publish, confirm. Once it is put it is never lost, so a failure after that is not the client's. */
export function makeSubmitJob(ports: SubmitJobPorts) {
  const { jobs, enqueue, announce, pools, allowLoopbackWebhooks, now, newJobId, newSeed, log } = ports;

  /** The reconciler does the step again when it fails here. */
  async function attempt(step: string, job: JobRecord, run: (job: JobRecord) => Promise<void>): Promise<void> {
    try {
      await run(job);
    } catch (error) {
      log.warn('step after the put failed', { step, jobId: job.id, error });
    }
  }

  return async function submitJob(command: SubmitCommand): Promise<Submitted> {
    const { tenantId, path, idempotencyKey, request } = command;
    const pool = poolFor(request, pools, { allowLoopbackWebhooks });
    const id = idempotencyKey === undefined ? newJobId() : idempotentJobId(tenantId, path, idempotencyKey);
    const record = newJob(toNewJob(command, pool, id, newSeed), now());

    const { created, job } = await jobs.create(record);
    if (!created) {
      if (job.fingerprint === record.fingerprint) return { job, isReplay: true };
      const detail = 'the idempotency key was used before, with another body';
      throw new ProblemError('idempotency-key-reused', { detail, jobId: job.id });
    }
    log.info('job accepted', { jobId: job.id, tenantId, model: job.model, pool });
    await attempt('enqueue', job, enqueue);
    if (job.webhook?.events.includes('job.queued') === true) await attempt('announce', job, announce);
    return { job, isReplay: false };
  };
}
