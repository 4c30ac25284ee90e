import type { PoolViews } from '@afterimage/admin-schemas';
import type { Pools } from '@afterimage/app-config';
import { presentModelDetail, presentModels } from '@afterimage/job-commands';
import type { AdminHandler } from '../api/admin-request.ts';
import { isAtWork, type ReadWorkers } from '../workers/read-workers.ts';

export interface ListPoolsPorts {
  readonly pools: Pools;
  readonly readWorkers: ReadWorkers;
}

/** `GET /pools`: the pools as configured, with the workers that take their jobs. */
export function makeListPools({ pools, readWorkers }: ListPoolsPorts): AdminHandler {
  return async function listPools() {
    const { at, workers } = await readWorkers();
    const working = workers.filter((worker) => isAtWork(worker, at));
    const warm = new Set(working.flatMap(({ model }) => model ?? []));
    const models = presentModels(pools, warm).map(presentModelDetail);
    const body: PoolViews = {
      data: pools.pools.map(({ name, engine, models: _models, ...settings }) => ({
        name,
        engine,
        workers: working.filter(({ pool }) => pool === name).length,
        settings,
        models: models.filter(({ pool }) => pool === name),
      })),
    };
    return { body };
  };
}
