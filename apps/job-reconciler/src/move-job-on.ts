import { type Clock, jobFields, type JobStore } from '@afterimage/job-core';
import { isTerminal, type JobRecord } from '@afterimage/job-schemas';
import { noteJob } from '@afterimage/telemetry';
import { type OverdueStep, overdueStep } from './overdue-step.ts';

export type InTrace = <T>(job: JobRecord, work: () => Promise<T>) => Promise<T>;

export interface MoveJobOnPorts {
  readonly jobs: JobStore;
  readonly announce: (job: JobRecord) => Promise<void>;
  readonly enqueue: (job: JobRecord) => Promise<void>;
  readonly eraseFiles: (job: JobRecord) => Promise<void>;
  /** Told of a running job that was taken off its worker, with the time just before that. */
  readonly freePlace: (tenantId: string, heldUntil: Date) => Promise<void>;
  readonly now: Clock;
  /** Runs work in the trace of a job. */
  readonly inTrace: InTrace;
}

/**
 * Takes the one step that an overdue job needs and tells which. When the publication after a change fails, the job is due
 * again, and a later run makes it.
 */
export function makeMoveJobOn({ jobs, announce, enqueue, eraseFiles, freePlace, now, inTrace }: MoveJobOnPorts) {
  async function takeStep(job: JobRecord): Promise<OverdueStep['kind']> {
    const startedAt = now();
    const step = overdueStep(job, startedAt);
    if (step.kind === 'enqueue') await enqueue(job);
    if (step.kind === 'announce') await announce(job);
    if (step.kind === 'eraseFiles') await eraseFiles(job);
    if (!('change' in step)) return step.kind;
    const changed = await jobs.change(job.id, step.change);
    if (changed === undefined) return 'none';
    const published = isTerminal(changed.status) ? announce(changed) : enqueue(changed);
    await Promise.all([published, step.kind === 'expire' ? undefined : freePlace(job.tenantId, startedAt)]);
    return step.kind;
  }

  return async function moveJobOn(jobId: string): Promise<OverdueStep['kind']> {
    const job = await jobs.get(jobId);
    if (job === undefined) return 'none';
    noteJob(jobFields(job));
    return inTrace(job, () => takeStep(job));
  };
}
