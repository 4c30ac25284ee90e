import * as z from 'zod';

const reference = z.object({ $ref: z.string() });
const jsonObject = z.record(z.string(), z.unknown());
const examples = z.record(z.string(), z.object({ value: z.unknown() })).default({});
const content = z.record(z.string(), z.object({ schema: jsonObject, examples })).default({});

const parameterSchema = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean().default(false),
  schema: jsonObject,
  example: z.unknown().optional(),
});
export type Parameter = z.infer<typeof parameterSchema>;

const operationSchema = z.object({
  operationId: z.string(),
  security: z.array(jsonObject),
  parameters: z.array(z.union([reference, parameterSchema])).default([]),
  requestBody: z.object({ required: z.boolean(), content }).optional(),
  responses: z.record(z.string(), z.unknown()),
});

const documentSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.looseObject({
    parameters: z.record(z.string(), parameterSchema),
    schemas: z.record(z.string(), jsonObject),
  }),
});
export type ApiDocument = z.infer<typeof documentSchema>;

/** One operation as a client that knows nothing but the document sees it. */
export interface DocumentedOperation {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly isPublic: boolean;
  readonly parameters: readonly Parameter[];
  /** Of its body, when it takes one. */
  readonly body:
    | { readonly schema: Readonly<Record<string, unknown>>; readonly examples: ReadonlyMap<string, unknown> }
    | undefined;
  readonly statuses: readonly string[];
}

/** @throws z.ZodError when it is not a document as ours are */
export function readDocument(json: unknown): ApiDocument {
  return documentSchema.parse(json);
}

/** Every operation of the document. */
export function operationsOf({ paths, components }: ApiDocument): DocumentedOperation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const body = operation.requestBody?.content['application/json'];
      return {
        name: operation.operationId,
        method: method.toUpperCase(),
        path,
        isPublic: operation.security.length === 0,
        parameters: operation.parameters.map((each) =>
          '$ref' in each ? parameterSchema.parse(components.parameters[nameOf(each.$ref)]) : each,
        ),
        body: body && {
          schema: body.schema,
          examples: new Map(Object.entries(body.examples).map(([name, { value }]) => [name, value])),
        },
        statuses: Object.keys(operation.responses),
      };
    }),
  );
}

/** The last part of a reference. */
export function nameOf(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}
