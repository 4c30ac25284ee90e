import { createJobSchema } from '@afterimage/job-schemas';
import { type FieldPath, type Fields, toPath, withValue } from './fields.ts';

/** A field of the request with its value. */
export interface Setting {
  readonly path: FieldPath;
  readonly value: unknown;
}

/** `steps=30`, before it is known whether the field is a number or a text. */
export interface Pair {
  readonly path: FieldPath;
  readonly text: string;
}

const HINT = ['a prompt that reads like key=value is written as prompt="…"'];

/** The pair that an argument is; undefined for one that is a prompt. @throws CliError for an unknown field */
export function parsePair(argument: string): Pair | undefined {
  const [, name, text] = /^([A-Za-z_][\w-]*(?:\.[\w-]+)*)=([\s\S]*)$/.exec(argument) ?? [];
  return name === undefined || text === undefined ? undefined : { path: toPath(name, HINT), text };
}

/** Numbers, booleans, null, lists and objects are written as in JSON; whatever else is text, with its quotes. */
function toValue(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? text : value;
  } catch {
    return text;
  }
}

export function withSettings(request: Fields, settings: readonly Setting[]): Fields {
  return settings.reduce((fields, { path, value }) => withValue(fields, path, value), request);
}

/** The request with the pairs in it; where the API takes text, `12` is text. */
export function withPairs(request: Fields, pairs: readonly Pair[]): Fields {
  const typed = withSettings(
    request,
    pairs.map(({ path, text }) => ({ path, value: toValue(text) })),
  );
  const { error } = createJobSchema.safeParse(typed);
  const wants = (error?.issues ?? []).filter((issue) => issue.code === 'invalid_type' && issue.expected === 'string');
  const texts = new Set(wants.map(({ path }) => path.join('.')));
  const wrong = pairs.filter(({ path }) => texts.has(path.join('.')));
  return withSettings(
    typed,
    wrong.map(({ path, text }) => ({ path, value: text })),
  );
}
