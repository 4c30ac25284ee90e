import * as fc from 'fast-check';
import { type ApiDocument, nameOf } from './document.ts';

type Schema = Readonly<Record<string, unknown>>;
type Bounds = readonly [minimum: number, maximum: number];

const MAX_EXTRA = 4;
const isObject = (value: unknown): value is Schema => typeof value === 'object' && value !== null;

function boundsOf(schema: Schema, low: string, high: string, [from, to]: Bounds): Bounds {
  const minimum = Number(schema[low] ?? from);
  return [minimum, Math.max(minimum, Math.min(Number(schema[high] ?? to), minimum + (to - from)))];
}

function textOf(schema: Schema): fc.Arbitrary<string> {
  if (schema['format'] === 'uri') return fc.webUrl({ withQueryParameters: true });
  if (schema['format'] === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  if (typeof schema['pattern'] === 'string') return fc.stringMatching(new RegExp(schema['pattern']));
  const [minLength, maxLength] = boundsOf(schema, 'minLength', 'maxLength', [0, 64]);
  return fc.string({ minLength, maxLength, unit: 'grapheme' });
}

function numberOf(schema: Schema): fc.Arbitrary<number> {
  if (schema['type'] === 'number') {
    const [min, max] = boundsOf(schema, 'minimum', 'maximum', [-1e6, 1e6]);
    return fc.double({ min, max, noNaN: true });
  }
  const [min, max] = boundsOf(schema, 'minimum', 'maximum', [-(2 ** 31), 2 ** 33]);
  const step = Number(schema['multipleOf'] ?? 1);
  return fc.integer({ min: Math.ceil(min / step), max: Math.floor(max / step) }).map((value) => value * step);
}

/** Values that a schema of the document takes, and a few that it only nearly takes. */
export function arbitraryValue({ components }: ApiDocument, root: Schema): fc.Arbitrary<unknown> {
  function objectOf(schema: Schema): fc.Arbitrary<unknown> {
    const properties = isObject(schema['properties']) ? schema['properties'] : {};
    const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
    const fields = Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, valueOf(isObject(property) ? property : {})]),
    );
    const extra = schema['additionalProperties'];
    const known = fc.record(fields, { requiredKeys: required });
    if (!isObject(extra)) return known;
    const names = isObject(schema['propertyNames']) ? textOf(schema['propertyNames']) : fc.string();
    const others = fc.dictionary(names, valueOf(extra), { maxKeys: MAX_EXTRA });
    return fc.tuple(known, others).map(([own, more]) => ({ ...more, ...own }));
  }

  function valueOf(schema: Schema): fc.Arbitrary<unknown> {
    if (typeof schema['$ref'] === 'string') return valueOf(components.schemas[nameOf(schema['$ref'])] ?? {});
    if ('const' in schema) return fc.constant(schema['const']);
    if (Array.isArray(schema['enum'])) return fc.constantFrom(...schema['enum']);
    const alternatives = schema['anyOf'] ?? schema['oneOf'];
    if (Array.isArray(alternatives)) return fc.oneof(...alternatives.filter(isObject).map(valueOf));
    switch (schema['type']) {
      case 'object':
        return objectOf(schema);
      case 'array':
        return fc.array(valueOf(isObject(schema['items']) ? schema['items'] : {}), { maxLength: MAX_EXTRA });
      case 'string':
        return textOf(schema);
      case 'integer':
      case 'number':
        return numberOf(schema);
      case 'boolean':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      default:
        return fc.jsonValue({ maxDepth: 2 });
    }
  }

  return valueOf(root);
}
