import { after } from '../lifecycle.ts';
import type { Clock, WorkerRegistry } from '../ports.ts';

/** Three reports of a worker. */
const SEEN_SECONDS = 60;
const KEPT_MS = 10_000;
const AT_WORK: ReadonlySet<string> = new Set(['polling', 'working']);

export interface FindWarmModelsPorts {
  readonly registry: Pick<WorkerRegistry, 'listByPool'>;
  readonly pools: readonly string[];
  readonly now: Clock;
}

/** The models that a worker has loaded which takes jobs; remembered for ten seconds. */
export function makeFindWarmModels({ registry, pools, now }: FindWarmModelsPorts) {
  let known: { readonly models: ReadonlySet<string>; readonly untilMs: number } | undefined;

  return async function findWarmModels(): Promise<ReadonlySet<string>> {
    const time = now();
    if (known !== undefined && known.untilMs > time.getTime()) return known.models;
    const workers = await Promise.all(pools.map((pool) => registry.listByPool(pool, after(time, -SEEN_SECONDS))));
    const models = new Set(
      workers.flat().flatMap(({ state, model }) => (AT_WORK.has(state) && model !== null ? [model] : [])),
    );
    known = { models, untilMs: time.getTime() + KEPT_MS };
    return models;
  };
}
