import * as z from 'zod';
import type { engineSchema } from './engine.ts';
import { type PoolDeployment, poolDeploymentSchema } from './pool-deployment.ts';
import { parsePoolsAs, refuseDuplicates, servedPoolFields } from './served-pools.ts';

/** Engines that are a server of their own; the others are part of the worker. */
const SERVER_ENGINES = new Set<z.infer<typeof engineSchema>>(['sdwebui', 'comfyui']);

const pool = z
  .strictObject({
    ...servedPoolFields,
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

/** `pools.json`: every pool and the models it serves. A model belongs to one pool, so a job's model decides its queue. */
export const poolsSchema = z.strictObject({ pools: z.array(pool).min(1) }).superRefine(refuseDuplicates);
export type Pools = z.infer<typeof poolsSchema>;

/** @throws Error that names the file and every wrong field */
export function parsePools(json: string, file: string): Pools {
  return parsePoolsAs(poolsSchema, json, file);
}

/** The pools as the functions of the API need them. What is left out can change without a change of those functions. */
export function withoutDeployment({ pools }: Pools): Pools {
  return { pools: pools.map(({ name, engine, formats, models }) => ({ name, engine, formats, models })) };
}
