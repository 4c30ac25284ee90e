import * as z from 'zod';
import {
  imageRefSchema,
  imageToImageInputSchema,
  type Model,
  type Task,
  textToImageInputSchema,
  upscaleInputSchema,
  workflowInputSchema,
} from '@afterimage/job-schemas';

const INPUT_SCHEMAS = {
  'text-to-image': textToImageInputSchema,
  'image-to-image': imageToImageInputSchema,
  upscale: upscaleInputSchema,
  workflow: workflowInputSchema,
} as const satisfies Record<Task, z.ZodType>;

type JsonSchema = Record<string, unknown>;

/** Rules that zod checks by a function of its own. */
function addRules({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: JsonSchema }): void {
  if (zodSchema === (imageRefSchema as z.core.$ZodType))
    Object.assign(jsonSchema, { minProperties: 1, maxProperties: 1 });
}

/** The JSON Schema (draft 2020-12) of what a client may send as `input` of a task, within the limits of the model. */
export function inputJsonSchema(task: Task, limits: Model['limits']): JsonSchema {
  const schema = z.toJSONSchema(INPUT_SCHEMAS[task], { io: 'input', override: addRules });
  const maxima = {
    width: limits.maxWidth,
    height: limits.maxHeight,
    steps: limits.maxSteps,
    images: limits.maxImages,
  };
  const properties = { ...schema.properties };
  for (const [name, maximum] of Object.entries(maxima)) {
    const property = properties[name];
    // The images of a workflow are a map of their own.
    if (typeof property === 'object' && property.type === 'integer') properties[name] = { ...property, maximum };
  }
  return { ...schema, properties };
}
