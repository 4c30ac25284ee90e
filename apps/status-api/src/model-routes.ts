import type { Pools } from '@afterimage/app-config';
import type { Route } from '@afterimage/app-host/lambda';
import { ProblemError } from '@afterimage/job-core';
import { presentModelDetail, presentModels } from './present-model.ts';

/** The routes that answer from the configuration alone. */
export function makeModelRoutes(pools: Pools) {
  const models = presentModels(pools);

  const list: Route['handle'] = async () => ({ status: 200, body: { data: models, nextCursor: null } });

  const get: Route['handle'] = async (request) => {
    const id = request.param('id');
    const model = models.find((each) => each.id === id);
    if (model === undefined) throw new ProblemError('not-found', { detail: `there is no model ${id}` });
    return { status: 200, body: presentModelDetail(model) };
  };

  const health: Route['handle'] = async () => ({ status: 200, body: { status: 'ok' } });

  return { list, get, health };
}
