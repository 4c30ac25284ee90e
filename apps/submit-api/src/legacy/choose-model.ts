import type { ServedPool, PoolModel, ServedPools } from '@afterimage/app-config';
import { type FieldError, type LegacyTaskType, TASK_OF_TYPE } from '@afterimage/job-schemas';
import { incorrectPayload } from './payload-problem.ts';

export interface ChosenModel {
  readonly pool: ServedPool;
  readonly model: PoolModel;
}

/** What a request says of where it is to run. */
export interface Routing {
  readonly tasktype: LegacyTaskType;
  /** The name of a pool in any case; undefined where the checkpoint alone decides. */
  readonly runtime: string | undefined;
  readonly checkpoint: string | undefined;
  /** Pointers to the fields that say so. */
  readonly at: { readonly runtime: string; readonly checkpoint: string; readonly tasktype: string };
}

/** `SDXL/base.safetensors` → `base`. */
function stemOf(checkpoint: string): string {
  return checkpoint.replace(/^.*[/\\]/, '').replace(/\.(safetensors|ckpt|pt|bin|sft)$/i, '');
}

function isNamed({ id }: PoolModel, checkpoint: string): boolean {
  return id === checkpoint || stemOf(id) === stemOf(checkpoint);
}

function choiceError(pointer: string, code: string, limit: readonly string[], got: string): FieldError {
  const detail = `must be one of ${limit.join(', ')} here, got "${got}"`;
  return { pointer, code, detail, limit: [...limit] };
}

function poolsFor(pools: ServedPools, { runtime, at }: Routing): readonly ServedPool[] {
  if (runtime === undefined) return pools.pools;
  // The guidance lower-cases the names of its runtimes when it deploys them, so clients have them in any case.
  const found = pools.pools.filter(({ name }) => name === runtime.toLowerCase());
  if (found.length > 0) return found;
  const names = pools.pools.map(({ name }) => name);
  throw incorrectPayload([choiceError(at.runtime, 'unknown_runtime', names, runtime)]);
}

/**
 * The pool and model that a request is for: the checkpoint that it names, or the first model of the runtime that can do it.
 * @throws ProblemError `malformed-request`: a request that no worker would ever see is not accepted
 */
export function chooseModel(pools: ServedPools, routing: Routing): ChosenModel {
  const { tasktype, checkpoint, at } = routing;
  const task = TASK_OF_TYPE[tasktype];
  const all = poolsFor(pools, routing).flatMap((pool) => pool.models.map((model) => ({ pool, model })));
  const named = checkpoint === undefined ? all : all.filter(({ model }) => isNamed(model, checkpoint));
  if (named.length === 0) {
    const ids = all.map(({ model }) => model.id);
    throw incorrectPayload([choiceError(at.checkpoint, 'unknown_model', ids, checkpoint ?? '')]);
  }
  const able = named.find(({ model }) => model.tasks.includes(task));
  if (able !== undefined) return able;
  const possible = Object.entries(TASK_OF_TYPE).flatMap(([type, each]) =>
    named.some(({ model }) => model.tasks.includes(each)) ? [type] : [],
  );
  throw incorrectPayload([choiceError(at.tasktype, 'unsupported_task', possible, tasktype)]);
}
