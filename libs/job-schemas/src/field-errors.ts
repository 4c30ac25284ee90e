import { closest, distance } from 'fastest-levenshtein';
import type * as z from 'zod';
import type { FieldError } from './problem.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

function toPointer(path: Path): string {
  return ['#', ...path.map((part) => String(part).replaceAll('~', '~0').replaceAll('/', '~1'))].join('/');
}

function valueAt(body: unknown, path: Path): unknown {
  let value = body;
  for (const part of path) {
    if (value === null || typeof value !== 'object') return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}

const SHOWN_CHARACTERS = 40;

/** The value as the message shows it. Long strings are cut: a prompt must not land in a log by way of an error. */
function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') {
    return value.length > SHOWN_CHARACTERS ? `a string of ${value.length} characters` : JSON.stringify(value);
  }
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (value !== null && typeof value === 'object') return 'an object';
  return String(value);
}

const UNITS: Record<string, string> = { string: ' characters', array: ' items', object: ' keys' };

function unit(origin: string): string {
  return UNITS[origin] ?? '';
}

function describe(issue: Issue, value: unknown): Pick<FieldError, 'code' | 'detail' | 'limit'> {
  const given = `, got ${show(value)}`;
  switch (issue.code) {
    case 'too_big':
      return {
        code: issue.code,
        detail: `must be at most ${issue.maximum}${unit(issue.origin)}${given}`,
        limit: Number(issue.maximum),
      };
    case 'too_small':
      return {
        code: issue.code,
        detail: `must be at least ${issue.minimum}${unit(issue.origin)}${given}`,
        limit: Number(issue.minimum),
      };
    case 'not_multiple_of':
      return { code: 'multiple_of', detail: `must be a multiple of ${issue.divisor}${given}`, limit: issue.divisor };
    case 'invalid_value': {
      const allowed = issue.values.map(String);
      return { code: issue.code, detail: `must be one of ${allowed.join(', ')}${given}`, limit: allowed };
    }
    case 'invalid_type':
      return value === undefined
        ? { code: 'required', detail: `is required and must be of type ${issue.expected}` }
        : { code: issue.code, detail: `must be of type ${issue.expected}${given}`, limit: issue.expected };
    case 'invalid_format':
      return {
        code: issue.code,
        detail: `${issue.message}${given}`,
        ...(issue.pattern === undefined ? {} : { limit: issue.pattern }),
      };
    default:
      return { code: issue.code, detail: `${issue.message}${given}` };
  }
}

const MAX_TYPO_DISTANCE = 3;

function didYouMean(key: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  const candidate = closest(key, [...known]);
  return distance(key, candidate) <= MAX_TYPO_DISTANCE ? `; did you mean "${candidate}"?` : '';
}

/**
 * Turns the issues of a failed parse into field errors that name field, value and limit.
 * @param knownKeys the fields that the schema knows at a path, for the "did you mean" of an unknown field
 */
export function toFieldErrors(
  error: z.core.$ZodError,
  body: unknown,
  knownKeys: (path: Path) => readonly string[],
): FieldError[] {
  return error.issues.flatMap((issue): FieldError[] => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        pointer: toPointer([...issue.path, key]),
        code: 'unknown_field',
        detail: `is not a field of this request${didYouMean(key, knownKeys(issue.path))}`,
      }));
    }
    const path = issue.code === 'invalid_key' ? [...issue.path].slice(0, -1) : issue.path;
    return [{ pointer: toPointer(path), ...describe(issue, valueAt(body, issue.path)) }];
  });
}

/** The keys of an object schema at a path, looking through defaults and optionals. */
export function knownKeysOf(schema: z.ZodType): (path: Path) => readonly string[] {
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
