import * as z from 'zod';
import { schemaNodeSchema } from './schema-node.ts';

const reference = z.object({ $ref: z.string().optional() });

const content = z.record(z.string(), z.object({ schema: schemaNodeSchema.default({}) })).default({});

const parameter = reference.extend({
  name: z.string().default(''),
  in: z.string().default(''),
  required: z.boolean().default(false),
  schema: schemaNodeSchema.default({}),
});
export type Parameter = z.infer<typeof parameter>;

const response = reference.extend({ headers: z.record(z.string(), z.unknown()).default({}), content });

const operation = z.object({
  operationId: z.string(),
  security: z.array(z.record(z.string(), z.array(z.string()))).default([]),
  parameters: z.array(parameter).default([]),
  requestBody: z.object({ required: z.boolean().default(false), content }).optional(),
  responses: z.record(z.string(), response),
});
export type ApiOperation = z.infer<typeof operation>;

const paths = z.record(z.string(), z.record(z.string(), operation));

/** The parts of an OpenAPI document that the comparison reads. */
export const apiDocumentSchema = z.object({
  paths,
  webhooks: paths.default({}),
  components: z.object({
    parameters: z.record(z.string(), parameter).default({}),
    responses: z.record(z.string(), response).default({}),
    schemas: z.record(z.string(), schemaNodeSchema).default({}),
  }),
});
export type ApiDocument = z.infer<typeof apiDocumentSchema>;

/** What a reference points to among the components. @throws Error when there is nothing */
export function dereference<T extends { readonly $ref?: string | undefined }>(
  value: T,
  components: Readonly<Record<string, T>>,
): T {
  if (value.$ref === undefined) return value;
  const target = components[value.$ref.slice(value.$ref.lastIndexOf('/') + 1)];
  if (target === undefined) throw new Error(`${value.$ref} points to nothing`);
  return target;
}
