import * as z from 'zod';

/** The part of a JSON Schema that a field of the form is made of. */
export const fieldSchema = z.looseObject({
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  multipleOf: z.number().optional(),
  maxLength: z.number().optional(),
  default: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
});
export type FieldSchema = z.infer<typeof fieldSchema>;

const inputSchema = z.object({
  properties: z.record(z.string(), fieldSchema).default({}),
  required: z.array(z.string()).default([]),
});

export interface Field {
  readonly name: string;
  readonly schema: FieldSchema;
  readonly isRequired: boolean;
}

/** The fields of a task's input, those that must be given first. */
export function fieldsOf(schema: unknown): Field[] {
  const { properties, required } = inputSchema.parse(schema);
  const fields = Object.entries(properties).map(([name, each]) => ({
    name,
    schema: each,
    isRequired: required.includes(name),
  }));
  return [...fields.filter(({ isRequired }) => isRequired), ...fields.filter(({ isRequired }) => !isRequired)];
}

/** Where numbers may lie, in words. */
export function rangeOf({ minimum, maximum, multipleOf }: FieldSchema): string | undefined {
  // Bounds that only say "a safe integer" say nothing to a reader.
  const isBound = (value: number | undefined) => value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;
  const parts = [
    isBound(minimum) ? `from ${minimum}` : undefined,
    isBound(maximum) ? `to ${maximum}` : undefined,
    multipleOf === undefined || multipleOf === 1 ? undefined : `in steps of ${multipleOf}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(' ');
}
