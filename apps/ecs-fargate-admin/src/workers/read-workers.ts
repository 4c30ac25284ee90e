import { after, type Clock, type ListedWorker, type WorkerRegistry } from '@afterimage/job-core';

/** One that was silent for longer is not shown any more; before that it shows when it was last heard of. */
const SHOWN_SECONDS = 600;
/** Three reports of a worker. */
const SEEN_SECONDS = 60;
const AT_WORK: ReadonlySet<string> = new Set(['polling', 'working']);

export type ReadWorkers = () => Promise<{ readonly at: Date; readonly workers: readonly ListedWorker[] }>;

export interface ReadWorkersPorts {
  readonly registry: Pick<WorkerRegistry, 'listByPool'>;
  readonly pools: readonly string[];
  readonly now: Clock;
}

/** Every worker that was heard of lately, by pool. */
export function makeReadWorkers({ registry, pools, now }: ReadWorkersPorts): ReadWorkers {
  return async function readWorkers() {
    const at = now();
    const found = await Promise.all(pools.map((pool) => registry.listByPool(pool, after(at, -SHOWN_SECONDS))));
    return { at, workers: found.flat() };
  };
}

/** Whether it takes jobs, by what it last told. */
export function isAtWork({ state, seenAt }: Pick<ListedWorker, 'state' | 'seenAt'>, at: Date): boolean {
  return AT_WORK.has(state) && seenAt >= after(at, -SEEN_SECONDS);
}
