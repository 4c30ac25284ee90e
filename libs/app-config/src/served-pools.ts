/** The pools as the functions of the API need them, without what deploys them. */
import * as z from 'zod';
import { LIMITS, outputFormatSchema, taskSchema } from '@afterimage/job-schemas';
import { engineSchema } from './engine.ts';

const poolName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, 'must be lower-case letters, digits and hyphens, at most 31');

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

export type PoolModel = z.infer<typeof poolModel>;

/** What every pool has. */
export const servedPoolFields = {
  name: poolName,
  engine: engineSchema,
  formats: z.array(outputFormatSchema).min(1).default(['png', 'jpeg', 'webp', 'avif']),
  models: z.array(poolModel).min(1),
};

/** How it is deployed is passed over: to read that takes longer than all the rest, and a function that starts has no use for it. */
const servedPool = z.strictObject({ ...servedPoolFields, deployment: z.unknown().optional() });
export type ServedPool = z.infer<typeof servedPool>;
export type ServedPools = { readonly pools: readonly ServedPool[] };

function duplicates(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

/** Tells of pools and models that are there twice. */
export function refuseDuplicates({ pools }: ServedPools, context: z.RefinementCtx): void {
  for (const name of duplicates(pools.map((each) => each.name))) {
    context.addIssue({ code: 'custom', path: ['pools'], message: `the pool "${name}" is there twice` });
  }
  for (const id of duplicates(pools.flatMap((each) => each.models.map((model) => model.id)))) {
    context.addIssue({ code: 'custom', path: ['pools'], message: `the model "${id}" is there twice` });
  }
}

const servedPoolsSchema = z.strictObject({ pools: z.array(servedPool).min(1) }).superRefine(refuseDuplicates);

/** Reads a pools file by the schema. @throws Error that names the file and every wrong field */
export function parsePoolsAs<T extends z.ZodType>(schema: T, json: string, file: string): z.infer<T> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new Error(`${file} is not JSON`, { cause });
  }
  // As for the environment: it is parsed once.
  const result = schema.safeParse(value, { jitless: true });
  if (result.success) return result.data;
  throw new Error(`${file} is not a pools file:\n${z.prettifyError(result.error)}`);
}

/** Reads the file without what deploys the pools. @throws Error that names the file and every wrong field */
export function parseServedPools(json: string, file: string): ServedPools {
  return parsePoolsAs(servedPoolsSchema, json, file);
}

/** The pool and the entry of a model; undefined when no pool serves it. */
export function findModel<P extends ServedPool>(
  pools: { readonly pools: readonly P[] },
  id: string,
): { readonly pool: P; readonly model: PoolModel } | undefined {
  for (const each of pools.pools) {
    const model = each.models.find((candidate) => candidate.id === id);
    if (model !== undefined) return { pool: each, model };
  }
  return undefined;
}
