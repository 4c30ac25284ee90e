import type { ServedPools } from '@afterimage/app-config';
import type { Route } from '@afterimage/app-host/lambda';
import { presentModelDetail, presentModels } from '@afterimage/job-commands';
import { ProblemError } from '@afterimage/job-core';
import type { Model } from '@afterimage/job-schemas';

export interface ModelRoutesPorts {
  readonly pools: ServedPools;
  /** The models that workers have loaded. */
  readonly findWarmModels: () => Promise<ReadonlySet<string>>;
}

/** The routes of models: the configuration, and which of them are warm. */
export function makeModelRoutes({ pools, findWarmModels }: ModelRoutesPorts) {
  async function models(): Promise<Model[]> {
    return presentModels(pools, await findWarmModels());
  }

  const list: Route['handle'] = async () => ({ status: 200, body: { data: await models(), nextCursor: null } });

  const get: Route['handle'] = async (request) => {
    const id = request.param('id');
    const model = (await models()).find((each) => each.id === id);
    if (model === undefined) throw new ProblemError('not-found', { detail: `there is no model ${id}` });
    return { status: 200, body: presentModelDetail(model) };
  };

  const health: Route['handle'] = async () => ({ status: 200, body: { status: 'ok' } });

  return { list, get, health };
}
