import { closest, distance } from 'fastest-levenshtein';
import type * as z from 'zod';
import type { FieldError } from './problem.ts';
import { shownUrl } from './shown-url.ts';

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

function plural(count: number | bigint, noun: string): string {
  return count === 1 ? `${count} ${noun}` : `${count} ${noun}s`;
}

/** The value as the message shows it. Long strings are cut: a prompt must not land in a log by way of an error. */
function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') {
    if (value.includes('://')) return shownUrl(value);
    return value.length > SHOWN_CHARACTERS ? plural(value.length, 'character') : JSON.stringify(value);
  }
  if (Array.isArray(value)) return plural(value.length, 'item');
  if (value !== null && typeof value === 'object') return `an object of ${plural(Object.keys(value).length, 'key')}`;
  return String(value);
}

const UNITS: Readonly<Record<string, string>> = { string: 'character', array: 'item', object: 'key' };

function amount(count: number | bigint, origin: string): string {
  const unit = UNITS[origin];
  return unit === undefined ? String(count) : plural(count, unit);
}

/** Types by their names in JSON Schema. */
const TYPES: Readonly<Record<string, string>> = { int: 'integer', record: 'object' };

/** Their patterns know the leap years, and tell a reader nothing. */
const CALENDAR_FORMATS: ReadonlySet<string> = new Set(['date', 'datetime']);

type Description = Pick<FieldError, 'code' | 'detail' | 'limit'>;

function describeType(expected: string, value: unknown): Description {
  const type = TYPES[expected] ?? expected;
  return value === undefined
    ? { code: 'required', detail: `is required and must be of type ${type}` }
    : { code: 'invalid_type', detail: `must be of type ${type}, got ${show(value)}`, limit: type };
}

function describeChoice(values: readonly unknown[], value: unknown): Description {
  const limit = values.map(String);
  const rule = `must be one of ${limit.join(', ')}`;
  return value === undefined
    ? { code: 'required', detail: `is required and ${rule}`, limit }
    : { code: 'invalid_value', detail: `${rule}, got ${show(value)}`, limit };
}

/** The first rule that a key breaks; the field in question is the object that has the key. */
function describeKey(issues: readonly Issue[], key: unknown): Description {
  const [first] = issues;
  const rule = first === undefined ? { detail: 'must be another one' } : describe(first, key);
  return { ...rule, code: 'invalid_key', detail: `has a key that ${rule.detail}` };
}

function describe(issue: Issue, value: unknown): Description {
  const given = `, got ${show(value)}`;
  switch (issue.code) {
    case 'too_big': {
      const rule = `must be at most ${amount(issue.maximum, issue.origin)}`;
      return { code: issue.code, detail: `${rule}${given}`, limit: Number(issue.maximum) };
    }
    case 'too_small': {
      const rule = `must be at least ${amount(issue.minimum, issue.origin)}`;
      return { code: issue.code, detail: `${rule}${given}`, limit: Number(issue.minimum) };
    }
    case 'not_multiple_of':
      return { code: 'multiple_of', detail: `must be a multiple of ${issue.divisor}${given}`, limit: issue.divisor };
    case 'invalid_value':
      return describeChoice(issue.values, value);
    case 'invalid_type':
      return describeType(issue.expected, value);
    case 'invalid_union':
      if (issue.discriminator !== undefined && 'options' in issue) return describeChoice(issue.options ?? [], value);
      return { code: issue.code, detail: `${issue.message}${given}` };
    case 'invalid_key':
      return describeKey(issue.issues, issue.path.at(-1));
    case 'invalid_format':
      return {
        code: issue.code,
        detail: `${issue.message}, got ${issue.format === 'url' ? shownUrl(String(value)) : show(value)}`,
        ...(issue.pattern === undefined || CALENDAR_FORMATS.has(issue.format) ? {} : { limit: issue.pattern }),
      };
    default:
      return { code: issue.code, detail: `${issue.message}${given}` };
  }
}

const MAX_TYPO_DISTANCE = 3;

/** `; did you mean "steps"?` where one of the known keys is close to a misspelt one, else nothing. */
export function didYouMean(key: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  // The known keys are those of every task, and the field is none of this one's.
  if (known.includes(key)) return '; it belongs to another task';
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
