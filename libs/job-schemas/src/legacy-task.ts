/** The request, reply and callback of the AWS guidance's own API, and what a job keeps of such a request. */
import * as z from 'zod';
import { idempotentJobId } from './fingerprint.ts';
import { idPattern } from './ids.ts';
import type { Task } from './job-input.ts';
import { checkJson } from './json-limits.ts';
import { LIMITS } from './limits.ts';

export const legacyTaskTypeSchema = z.enum(['text-to-image', 'image-to-image', 'extra-single-image', 'pipeline']);
export type LegacyTaskType = z.infer<typeof legacyTaskTypeSchema>;

/** The task that each type of the guidance is. */
export const TASK_OF_TYPE = {
  'text-to-image': 'text-to-image',
  'image-to-image': 'image-to-image',
  'extra-single-image': 'upscale',
  pipeline: 'workflow',
} as const satisfies Record<LegacyTaskType, Task>;

const { idCharacters, prefixCharacters, contextBytes } = LIMITS.legacy;
const LEGACY_ID = new RegExp(`^[A-Za-z0-9_-]{1,${idCharacters}}$`);

/** Whether a job can have this id by its client's choice: it must not look like one of ours. */
export function isLegacyId(id: string): boolean {
  return LEGACY_ID.test(id) && !idPattern('job').test(id);
}

/** The job that a tenant's id of the guidance's API stands for, whichever of its paths it came by. */
export function legacyJobId(tenantId: string, id: string): string {
  return idempotentJobId(tenantId, '/v1alpha2/task', id);
}

const legacyId = z
  .string()
  .refine(isLegacyId, `must be 1 to ${idCharacters} letters, digits, hyphens and underscores, and no job id`);

const SEGMENT = /^[A-Za-z0-9!_.*'()=-]+$/;

function isPrefix(value: string): boolean {
  const segments = value.replace(/\/$/, '').split('/');
  return value === '' || segments.every((each) => SEGMENT.test(each) && each !== '.' && each !== '..');
}

/** The folder of the results. One slash at its end is dropped. */
const prefix = z
  .string()
  .max(prefixCharacters)
  .refine(isPrefix, "must be names of letters, digits and !_.*'()=- with single slashes between them, none of . or ..")
  .overwrite((value) => value.replace(/\/$/, ''))
  .default('');

const context = z
  .unknown()
  .superRefine(checkJson(LIMITS.workflow.depth))
  .refine((value) => Buffer.byteLength(JSON.stringify(value) ?? '') <= contextBytes, {
    error: `must be at most ${contextBytes} bytes of JSON`,
  });

const body = z.record(z.string(), z.unknown()).superRefine(checkJson(LIMITS.workflow.depth));

/** Body of `POST /v1alpha2/task`. `content` is the body of SD WebUI, or the workflow of ComfyUI, itself. */
export const createTaskSchema = z.object({
  task: z.object({
    metadata: z.object({
      id: legacyId,
      runtime: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, hyphens and underscores'),
      tasktype: legacyTaskTypeSchema,
      prefix,
      context: context.default({}),
    }),
    content: body,
  }),
});
export type CreateTask = z.infer<typeof createTaskSchema>;

/** Answer to it. */
export const taskAcceptedSchema = z.object({ id: z.string(), runtime: z.string(), output_location: z.string() });
export type TaskAccepted = z.infer<typeof taskAcceptedSchema>;

/** Body of `POST /v1alpha1`: that of SD WebUI with the routing among its scripts. */
export const createOldTaskSchema = z
  .looseObject({
    alwayson_scripts: z.looseObject({
      task: legacyTaskTypeSchema.exclude(['pipeline']),
      sd_model_checkpoint: z.string().min(1).max(256),
      id_task: legacyId,
      save_dir: prefix,
    }),
  })
  .superRefine(checkJson(LIMITS.workflow.depth));
export type CreateOldTask = z.infer<typeof createOldTaskSchema>;

/** Answer to it. */
export const oldTaskAcceptedSchema = z.object({
  id_task: z.string(),
  sd_model_checkpoint: z.string(),
  output_location: z.string(),
});
export type OldTaskAccepted = z.infer<typeof oldTaskAcceptedSchema>;

/** What a job keeps of the request in the guidance's form that it was made of. */
export const legacyOriginSchema = z.object({
  /** As its client chose it. */
  id: z.string(),
  prefix: z.string(),
  tasktype: legacyTaskTypeSchema,
  /** JSON: the table could not store every number that a client can write. */
  context: z.string(),
});
export type LegacyOrigin = z.infer<typeof legacyOriginSchema>;

/** Message of the `legacy-results` topic while the job runs, and when it has ended. `context` is the client's own. */
export const legacyCallbackSchema = z.union([
  z.object({
    runtime: z.string(),
    id: z.string(),
    status: z.literal('running'),
    context: z.unknown(),
  }),
  z.object({
    runtime: z.string(),
    id: z.string(),
    result: z.boolean(),
    status: z.enum(['completed', 'failed']),
    image_url: z.array(z.string()),
    output_url: z.string(),
    context: z.unknown(),
  }),
]);
export type LegacyCallback = z.infer<typeof legacyCallbackSchema>;
