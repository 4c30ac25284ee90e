import { createJobSchema, didYouMean, knownKeysOf } from '@afterimage/job-schemas';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';

/** A request, or a part of it, before the API's schema has seen it. */
export type Fields = Readonly<Record<string, unknown>>;
export type FieldPath = readonly string[];

const keysAt = knownKeysOf(createJobSchema);
const REQUEST_KEYS = keysAt([]);
/** Fields that go without the name of their section; no two sections have one of the same name. */
const SHORT_NAMES: ReadonlyMap<string, FieldPath> = new Map(
  ['input', 'output', 'policy'].flatMap((section) => keysAt([section]).map((name) => [name, [section, name]] as const)),
);

export function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/**
 * The place of a field by the name that people give it: `steps`, `input.steps`, `format`, `metadata.orderId`.
 * @param lines more for people to read when there is no such field
 * @throws CliError that says which name was meant
 */
export function toPath(name: string, lines: readonly string[] = []): FieldPath {
  const [first = '', ...rest] = name.split('.');
  if (REQUEST_KEYS.includes(first)) return [first, ...rest];
  const place = SHORT_NAMES.get(first);
  if (place !== undefined) return [...place, ...rest];
  const hint = didYouMean(first, [...REQUEST_KEYS, ...SHORT_NAMES.keys()]);
  throw new CliError(EXIT.usage, `"${first}" is not a field of a request${hint}`, { lines });
}

export function valueAt(target: unknown, path: FieldPath): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return target;
  return isFields(target) && Object.hasOwn(target, first) ? valueAt(target[first], rest) : undefined;
}

/** A copy with the value at the path. Keys are own properties always: `__proto__` is one like any other. */
export function withValue(target: Fields, path: FieldPath, value: unknown): Fields {
  const [first, ...rest] = path;
  if (first === undefined) return target;
  if (rest.length === 0) return { ...target, [first]: value };
  const inner = valueAt(target, [first]);
  return { ...target, [first]: withValue(isFields(inner) ? inner : {}, rest, value) };
}
