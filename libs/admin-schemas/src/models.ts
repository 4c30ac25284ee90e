import { modelDetailSchema } from '@afterimage/job-schemas';
import * as z from 'zod';

/** A pool, the models that it serves, and how much of it is there. */
export const poolViewSchema = z.object({
  name: z.string(),
  engine: z.string(),
  workers: z.int(),
  /** As in the pools' file. */
  settings: z.record(z.string(), z.unknown()),
  models: z.array(modelDetailSchema),
});
export type PoolView = z.infer<typeof poolViewSchema>;

export const poolsSchema = z.object({ data: z.array(poolViewSchema) });
export type PoolViews = z.infer<typeof poolsSchema>;
