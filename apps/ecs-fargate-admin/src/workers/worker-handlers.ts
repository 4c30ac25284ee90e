import { actSchema, type Workers, type WorkerView } from '@afterimage/admin-schemas';
import { type ListedWorker, ProblemError, type WorkerRegistry } from '@afterimage/job-core';
import type { AdminHandler } from '../api/admin-request.ts';
import type { ReadWorkers } from './read-workers.ts';

export interface WorkerHandlersPorts {
  readonly registry: Pick<WorkerRegistry, 'requestDrain'>;
  readonly readWorkers: ReadWorkers;
}

function view(worker: ListedWorker): WorkerView {
  const { workerId: id, pool, engine, state, model, jobs, hasSpotNotice, isDrainRequested, startedAt, seenAt } = worker;
  const [job] = jobs;
  return {
    id,
    pool,
    engine,
    state,
    model,
    jobId: job?.jobId ?? null,
    leaseAgeSeconds: job === undefined ? null : Math.round(job.leaseAgeMs / 1000),
    hasSpotNotice,
    isDraining: isDrainRequested || state === 'draining',
    startedAt,
    seenAt,
  };
}

/** The workers, and the wish that one of them ends once its job is done. */
export function makeWorkerHandlers({ registry, readWorkers }: WorkerHandlersPorts) {
  async function find(id: string): Promise<ListedWorker> {
    const { workers } = await readWorkers();
    const worker = workers.find(({ workerId }) => workerId === id);
    if (worker !== undefined) return worker;
    throw new ProblemError('not-found', { detail: `no worker ${id} was heard of lately` });
  }

  const list: AdminHandler = async () => {
    const { at, workers } = await readWorkers();
    return { body: { at: at.toISOString(), data: workers.map(view) } satisfies Workers };
  };

  const drain: AdminHandler = async (request) => {
    request.body(actSchema);
    const worker = await find(request.param('id'));
    if (!(await registry.requestDrain(worker))) {
      throw new ProblemError('not-found', { detail: `the worker ${worker.workerId} has been replaced by another` });
    }
    const before = view(worker);
    const after = view({ ...worker, isDrainRequested: true });
    return { body: after, before: { isDraining: before.isDraining }, after: { isDraining: after.isDraining } };
  };

  return { list, drain };
}
