import type { ServedPool, PoolModel, ServedPools } from '@afterimage/app-config';
import type { Model, ModelDetail } from '@afterimage/job-schemas';
import { inputJsonSchema } from './input-json-schema.ts';

function present(pool: ServedPool, model: PoolModel, isWarm: boolean): Model {
  return {
    id: model.id,
    object: 'model',
    description: model.description,
    pool: pool.name,
    engine: pool.engine,
    tasks: model.tasks,
    formats: pool.formats,
    limits: model.limits,
    state: isWarm ? 'warm' : 'cold',
  };
}

/** Every model that a pool serves, as clients see it. */
export function presentModels(pools: ServedPools, warm: ReadonlySet<string>): Model[] {
  return pools.pools.flatMap((pool) => pool.models.map((model) => present(pool, model, warm.has(model.id))));
}

/** A model with what its tasks take. */
export function presentModelDetail(model: Model): ModelDetail {
  const inputSchemas = Object.fromEntries(model.tasks.map((task) => [task, inputJsonSchema(task, model.limits)]));
  return { ...model, inputSchemas };
}
