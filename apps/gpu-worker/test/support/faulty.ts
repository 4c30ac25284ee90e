import type { JobChange, JobStore } from '@afterimage/job-core';
import { DependencyUnavailableError } from '@afterimage/job-core';

/** What becomes of a write: it is made, never reaches the store, or is made but its answer is lost. */
export type Fate = 'made' | 'lost' | 'answer-lost';

/** A store whose writes meet the fate that `fateOf` gives them. */
export function withFates(store: JobStore, fateOf: (change: JobChange) => Fate): JobStore {
  return {
    create: (job) => store.create(job),
    get: (jobId) => store.get(jobId),
    list: (query) => store.list(query),
    async change(jobId, change) {
      const fate = fateOf(change);
      if (fate === 'lost') throw unavailable();
      const job = await store.change(jobId, change);
      if (fate === 'answer-lost') throw unavailable();
      return job;
    },
  };
}

export function unavailable(): DependencyUnavailableError {
  return new DependencyUnavailableError('the store is away');
}

/** Yields the fates in their order, one for each change that `picks`; every other change is made. */
export function fates(picks: (change: JobChange) => boolean, ...order: readonly Fate[]): (change: JobChange) => Fate {
  let next = 0;
  return (change) => (picks(change) ? (order[next++] ?? 'made') : 'made');
}

export const isHeartbeat = ({ set }: JobChange) => set.status === undefined && set.progress !== undefined;
export const isClaim = ({ set }: JobChange) => set.status === 'running';
export const isSuccess = ({ set }: JobChange) => set.status === 'succeeded';
export const isRequeue = ({ set }: JobChange) => set.status === 'queued';
