import type * as z from 'zod';

/** The keys of an object schema at a path, looking through defaults and optionals. */
export function knownKeysOf(schema: z.ZodType): (path: readonly PropertyKey[]) => readonly string[] {
  return (path) => {
    let current = unwrap(schema);
    for (const part of path) current = unwrap(shapeOf(current)?.[String(part)]);
    return Object.keys(shapeOf(current) ?? {});
  };
}

type Shape = Readonly<Record<string, z.ZodType>>;

function shapeOf(schema: z.ZodType | undefined): Shape | undefined {
  return schema !== undefined && 'shape' in schema ? (schema.shape as Shape) : undefined;
}

function unwrap(schema: z.ZodType | undefined): z.ZodType | undefined {
  let current = schema;
  while (current !== undefined && 'unwrap' in current && typeof current.unwrap === 'function') {
    current = current.unwrap() as z.ZodType;
  }
  return current;
}
