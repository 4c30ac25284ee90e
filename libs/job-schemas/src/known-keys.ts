import type * as z from 'zod';

/** The keys of an object schema at a path, looking through defaults, optionals and unions. */
export function knownKeysOf(schema: z.ZodType): (path: readonly PropertyKey[]) => readonly string[] {
  return (path) => {
    let current = alternatives(schema);
    for (const part of path) current = current.flatMap((each) => alternatives(shapeOf(each)?.[String(part)]));
    return [...new Set(current.flatMap((each) => Object.keys(shapeOf(each) ?? {})))];
  };
}

type Shape = Readonly<Record<string, z.ZodType>>;

function shapeOf(schema: z.ZodType): Shape | undefined {
  return 'shape' in schema ? (schema.shape as Shape) : undefined;
}

/** The schemas that one schema may stand for. */
function alternatives(schema: z.ZodType | undefined): z.ZodType[] {
  const current = unwrap(schema);
  if (current === undefined) return [];
  const isUnion = current.def.type === 'union' && 'options' in current;
  return isUnion ? (current.options as z.ZodType[]).flatMap(alternatives) : [current];
}

function unwrap(schema: z.ZodType | undefined): z.ZodType | undefined {
  let current = schema;
  while (current !== undefined && 'unwrap' in current && typeof current.unwrap === 'function') {
    current = current.unwrap() as z.ZodType;
  }
  return current;
}
