import * as z from 'zod';
import { FIELD_DESCRIPTIONS } from './field-descriptions.ts';
import type { JsonObject } from './json.ts';
import { refTo, requests, responses } from './schema-names.ts';

const REGISTRIES = { input: requests, output: responses } as const;
/** Which side of a schema is meant: what it takes, or what it yields. */
type Direction = keyof typeof REGISTRIES;

const NO_BOUNDS: ReadonlySet<unknown> = new Set([Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]);
/** Patterns of these say in a hundred characters what the format says in one word. */
const FORMATS_ENOUGH: ReadonlySet<unknown> = new Set(['date-time', 'uri']);

/** Takes out what says nothing to a reader, and what would forbid new fields in answers. */
function plain(direction: Direction, schema: Record<string, unknown>): void {
  if (NO_BOUNDS.has(schema['minimum'])) delete schema['minimum'];
  if (NO_BOUNDS.has(schema['maximum'])) delete schema['maximum'];
  if (FORMATS_ENOUGH.has(schema['format'])) delete schema['pattern'];
  if (schema['format'] === 'starts_with') delete schema['format'];
  if (direction === 'output' && schema['additionalProperties'] === false) delete schema['additionalProperties'];
}

/** @throws Error when a field is described that the schema does not have */
function withFieldDescriptions(id: string, schema: JsonObject): JsonObject {
  const descriptions = FIELD_DESCRIPTIONS[id];
  if (descriptions === undefined) return schema;
  const properties = { ...(schema['properties'] as Readonly<Record<string, JsonObject>> | undefined) };
  for (const [name, description] of Object.entries(descriptions)) {
    const property = properties[name];
    if (property === undefined) throw new Error(`${id} has no field ${name} to describe`);
    properties[name] = { ...property, description };
  }
  return { ...schema, properties };
}

function componentsOf(direction: Direction): [string, JsonObject][] {
  const { schemas } = z.toJSONSchema(REGISTRIES[direction], {
    target: 'draft-2020-12',
    io: direction,
    uri: refTo,
    override: ({ jsonSchema }) => plain(direction, jsonSchema),
  });
  return Object.entries(schemas).map(([id, { $schema: _dialect, $id: _id, ...schema }]) => [
    id,
    withFieldDescriptions(id, schema as JsonObject),
  ]);
}

/** `components.schemas`. @throws Error when two schemas have one name */
export function schemaComponents(): JsonObject {
  const components = [...componentsOf('input'), ...componentsOf('output')].sort(([a], [b]) => (a < b ? -1 : 1));
  const twice = components.find(([id], index) => components[index + 1]?.[0] === id);
  if (twice !== undefined) throw new Error(`the schema ${twice[0]} is there twice`);
  return Object.fromEntries(components);
}

/** A reference to the component of a schema. @throws Error when it has none */
export function schemaRef(schema: z.ZodType, direction: Direction): JsonObject {
  const component = REGISTRIES[direction].get(schema);
  if (component === undefined) throw new Error(`a schema of the API has no name among the ${direction} schemas`);
  return { $ref: refTo(component.id) };
}

/** A schema that is written where it is used: of a parameter or a header. */
export function inlineSchema(schema: z.ZodType): JsonObject {
  const { $schema: _dialect, ...inline } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io: 'input',
    override: ({ jsonSchema }) => plain('input', jsonSchema),
  });
  return inline as JsonObject;
}
