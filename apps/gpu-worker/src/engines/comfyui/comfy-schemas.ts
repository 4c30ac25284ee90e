import * as z from 'zod';

/** The parts of ComfyUI's answers that the engine reads. Whatever else is in them is left alone. */

export const systemStatsSchema = z.object({
  system: z.object({ comfyui_version: z.string().default('unknown') }),
});

const nodeInfoSchema = z.object({
  input: z.object({
    required: z.record(z.string(), z.array(z.unknown())).default({}),
    optional: z.record(z.string(), z.array(z.unknown())).default({}),
  }),
  output: z.array(z.unknown()),
  output_node: z.boolean().default(false),
});
export type NodeInfo = z.infer<typeof nodeInfoSchema>;

/** A node that describes itself in a way of its own is null: it exists, and only the server can check its inputs. */
export const objectInfoSchema = z.record(z.string(), nodeInfoSchema.nullable().catch(null));
export type ObjectInfo = z.infer<typeof objectInfoSchema>;

const fieldProblemSchema = z.object({
  type: z.string().default('invalid'),
  message: z.string().default(''),
  extra_info: z
    .object({ input_name: z.string().optional(), received_value: z.unknown().optional() })
    .nullish()
    .catch(null),
});

/** Some releases say an empty list for no errors. */
const nodeErrorsSchema = z
  .record(z.string(), z.object({ class_type: z.string().default(''), errors: z.array(fieldProblemSchema).default([]) }))
  .catch({});
export type NodeErrors = z.infer<typeof nodeErrorsSchema>;

export const acceptedSchema = z.object({
  prompt_id: z.string().min(1),
  node_errors: z.union([z.array(z.unknown()).transform((): NodeErrors => ({})), nodeErrorsSchema]).default({}),
});

export const refusedSchema = z.object({
  error: z.object({ type: z.string().default('invalid_prompt'), message: z.string().default('') }).catch({
    type: 'invalid_prompt',
    message: 'the workflow was refused',
  }),
  node_errors: nodeErrorsSchema.default({}),
});
export type Refusal = z.infer<typeof refusedSchema>;

const queueItemSchema = z
  .tuple([z.number(), z.string(), z.unknown(), z.unknown()], z.unknown())
  .transform(([, id, , extraData]) => ({ id, extraData }));
export const queueSchema = z
  .object({ queue_running: z.array(queueItemSchema), queue_pending: z.array(queueItemSchema) })
  .transform(({ queue_running, queue_pending }) => ({ running: queue_running, pending: queue_pending }));
export type Queue = z.infer<typeof queueSchema>;

export const fileRefSchema = z.object({
  filename: z.string().min(1),
  subfolder: z.string().default(''),
  type: z.string().default('output'),
});
export type FileRef = z.infer<typeof fileRefSchema>;

export const executionErrorSchema = z.object({
  node_id: z.coerce.string().default('?'),
  node_type: z.coerce.string().default('?'),
  exception_message: z.string().default(''),
  exception_type: z.string().default('Exception'),
});

export const historyEntrySchema = z.object({
  /** The queue's item of the prompt. */
  prompt: queueItemSchema,
  outputs: z.record(z.string(), z.record(z.string(), z.unknown())),
  status: z.object({
    status_str: z.string(),
    completed: z.boolean(),
    messages: z.array(z.tuple([z.string(), z.unknown()])),
  }),
});
export type HistoryEntry = z.infer<typeof historyEntrySchema>;
export const historySchema = z.record(z.string(), historyEntrySchema);

export const uploadedSchema = z.object({ name: z.string().min(1), subfolder: z.string().default('') });

/** A text frame of the WebSocket. */
export const eventSchema = z.object({
  type: z.string(),
  data: z.looseObject({ prompt_id: z.string().nullish(), node: z.string().nullish() }),
});
export type ComfyEvent = z.infer<typeof eventSchema>;
