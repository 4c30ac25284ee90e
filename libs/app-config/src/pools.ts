import * as z from 'zod';
import { LIMITS, outputFormatSchema, taskSchema } from '@afterimage/job-schemas';
import { type PoolDeployment, poolDeploymentSchema } from './pool-deployment.ts';

const poolName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, 'must be lower-case letters, digits and hyphens, at most 31');

/** The engines that a worker can have. */
export const engineSchema = z.enum(['sketch', 'sdwebui', 'comfyui', 'onnx']);

const modelLimits = z.strictObject({
  maxWidth: z.int().min(LIMITS.side.min).max(LIMITS.side.max).default(LIMITS.side.max),
  maxHeight: z.int().min(LIMITS.side.min).max(LIMITS.side.max).default(LIMITS.side.max),
  maxSteps: z.int().min(LIMITS.steps.min).max(LIMITS.steps.max).default(LIMITS.steps.max),
  maxImages: z.int().min(LIMITS.images.min).max(LIMITS.images.max).default(LIMITS.images.max),
});

const poolModel = z.strictObject({
  id: z.string().min(1).max(128),
  description: z.string().max(500).default(''),
  tasks: z.array(taskSchema).min(1),
  limits: modelLimits.prefault({}),
});

/** Engines that are a server of their own; the others are part of the worker. */
const SERVER_ENGINES = new Set<z.infer<typeof engineSchema>>(['sdwebui', 'comfyui']);

const pool = z
  .strictObject({
    name: poolName,
    engine: engineSchema,
    formats: z.array(outputFormatSchema).min(1).default(['png', 'jpeg', 'webp', 'avif']),
    models: z.array(poolModel).min(1),
    /** Left out by pools that are not deployed to AWS: those of the local stack. */
    deployment: poolDeploymentSchema.optional(),
  })
  .superRefine(({ engine, deployment }, context) => {
    if (deployment === undefined) return;
    const fail = (field: keyof PoolDeployment, message: string) =>
      context.addIssue({ code: 'custom', path: ['deployment', field], message });
    const { engineServer, gpusPerPod, modelSource } = deployment;
    if (SERVER_ENGINES.has(engine)) {
      if (engineServer === undefined)
        fail('engineServer', `must be there: the engine "${engine}" is a server of its own`);
    } else {
      const partOfWorker = `the engine "${engine}" is part of the worker`;
      if (engineServer !== undefined) fail('engineServer', `must not be there: ${partOfWorker}`);
      if (gpusPerPod > 0) fail('gpusPerPod', `must be 0: ${partOfWorker}, whose image has no CUDA`);
    }
    if (engine !== 'sketch' && modelSource === undefined) {
      fail('modelSource', `must be there: the engine "${engine}" reads its models from S3 or EFS`);
    }
  });
export type Pool = z.infer<typeof pool>;
export type PoolModel = z.infer<typeof poolModel>;

function duplicates(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

/** `pools.json`: every pool and the models it serves. A model belongs to one pool, so a job's model decides its queue. */
export const poolsSchema = z.strictObject({ pools: z.array(pool).min(1) }).superRefine(({ pools }, context) => {
  for (const name of duplicates(pools.map((each) => each.name))) {
    context.addIssue({ code: 'custom', path: ['pools'], message: `the pool "${name}" is there twice` });
  }
  for (const id of duplicates(pools.flatMap((each) => each.models.map((model) => model.id)))) {
    context.addIssue({ code: 'custom', path: ['pools'], message: `the model "${id}" is there twice` });
  }
});
export type Pools = z.infer<typeof poolsSchema>;

/** @throws Error that names the file and every wrong field */
export function parsePools(json: string, file: string): Pools {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new Error(`${file} is not JSON`, { cause });
  }
  const result = poolsSchema.safeParse(value);
  if (result.success) return result.data;
  throw new Error(`${file} is not a pools file:\n${z.prettifyError(result.error)}`);
}

/** The pools as the functions of the API need them. What is left out can change without a change of those functions. */
export function withoutDeployment({ pools }: Pools): Pools {
  return { pools: pools.map(({ name, engine, formats, models }) => ({ name, engine, formats, models })) };
}

/** The pool and the entry of a model; undefined when no pool serves it. */
export function findModel(pools: Pools, id: string): { readonly pool: Pool; readonly model: PoolModel } | undefined {
  for (const each of pools.pools) {
    const model = each.models.find((candidate) => candidate.id === id);
    if (model !== undefined) return { pool: each, model };
  }
  return undefined;
}
