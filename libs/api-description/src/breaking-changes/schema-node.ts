import * as z from 'zod';

/** The keywords of JSON Schema that decide what a value may be. */
export interface SchemaNode {
  readonly $ref?: string | undefined;
  readonly type?: string | readonly string[] | undefined;
  readonly const?: unknown;
  readonly enum?: readonly unknown[] | undefined;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly additionalProperties?: boolean | SchemaNode | undefined;
  readonly items?: SchemaNode | undefined;
  readonly allOf?: readonly SchemaNode[] | undefined;
  readonly anyOf?: readonly SchemaNode[] | undefined;
  readonly oneOf?: readonly SchemaNode[] | undefined;
  readonly [keyword: string]: unknown;
}

export const schemaNodeSchema: z.ZodType<SchemaNode> = z.lazy(() =>
  z.looseObject({
    $ref: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    enum: z.array(z.unknown()).optional(),
    properties: z.record(z.string(), schemaNodeSchema).optional(),
    required: z.array(z.string()).optional(),
    additionalProperties: z.union([z.boolean(), schemaNodeSchema]).optional(),
    items: schemaNodeSchema.optional(),
    allOf: z.array(schemaNodeSchema).optional(),
    anyOf: z.array(schemaNodeSchema).optional(),
    oneOf: z.array(schemaNodeSchema).optional(),
  }),
);

/** The schema behind a reference, with the keywords beside the reference on top. */
export function resolveNode(node: SchemaNode, schemas: Readonly<Record<string, SchemaNode>>): SchemaNode {
  if (node.$ref === undefined) return node;
  const name = node.$ref.slice(node.$ref.lastIndexOf('/') + 1);
  const target = schemas[name];
  if (target === undefined) throw new Error(`there is no schema ${name}`);
  const { $ref: _ref, ...beside } = node;
  return { ...resolveNode(target, schemas), ...beside };
}
