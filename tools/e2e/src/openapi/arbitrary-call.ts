import * as fc from 'fast-check';
import { arbitraryValue } from './arbitrary-value.ts';
import type { ApiDocument, DocumentedOperation, Parameter } from './document.ts';
import type { ApiCall } from './exchange.ts';

export interface CallIngredients {
  readonly apiKey: string;
  /** Values that path parameters may well have, by the part of the path in front of them. */
  readonly ids: Readonly<Record<string, readonly string[]>>;
}

/** Numbers, texts and shapes that programs trip over. */
const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -0,
  -1,
  1e308,
  5e-324,
  2 ** 53,
  0.1,
  '',
  ' ',
  '\0',
  '\u{10FFFF}',
  '\uD800',
  '__proto__',
  'constructor',
  [],
  {},
  [[[[]]]],
  JSON.parse(`${'['.repeat(2000)}${']'.repeat(2000)}`),
  JSON.parse('{"__proto__":{"steps":1}}'),
  'x'.repeat(10_000),
  '\u202E',
  "'; --",
  '${7*7}',
  '../../etc/passwd',
];
const WAITS = [
  'wait=1',
  'wait=0',
  'wait=26',
  'wait=9999999999999999999',
  'wait="1"',
  'wait',
  'return=minimal',
  'wait=-1',
];
const KEYS = ['nonsense', 'Bearer', 'Bearer ai_x_y', 'Basic YTpi', ''];

const oddValue = fc.oneof(fc.constantFrom(...ODD_VALUES), fc.jsonValue({ maxDepth: 2 }));
const headerText = fc.stringMatching(/^[!-~]([ -~]{0,40}[!-~])?$/);

/** The value with another one somewhere inside, or with a field more. */
function spoiled(value: unknown, at: readonly number[], odd: unknown): unknown {
  const [first = 0, ...rest] = at;
  if (typeof value !== 'object' || value === null || at.length === 0) return odd;
  const keys = Object.keys(value);
  const key = keys[first % (keys.length + 1)] ?? 'unknown';
  const inner: unknown = Reflect.get(value, key);
  const other = spoiled(inner, rest, odd);
  return Array.isArray(value)
    ? value.map((each: unknown, index) => (String(index) === key ? other : each))
    : Object.fromEntries([...Object.entries(value).filter(([name]) => name !== key), [key, other]]);
}

function bodyOf(document: ApiDocument, { body }: DocumentedOperation): fc.Arbitrary<string | undefined> {
  if (body === undefined) return fc.constant(undefined);
  const fitting = fc.oneof(arbitraryValue(document, body.schema), fc.constantFrom(...body.examples.values()));
  const bad = fc.tuple(fitting, fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }), oddValue);
  return fc.oneof(
    { weight: 4, arbitrary: fitting.map((value) => JSON.stringify(value)) },
    { weight: 6, arbitrary: bad.map(([value, at, odd]) => JSON.stringify(spoiled(value, at, odd))) },
    { weight: 1, arbitrary: oddValue.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
    { weight: 1, arbitrary: fc.constantFrom('', '{', '[]', 'null', '""', '[['.repeat(30_000), ' '.repeat(70_000)) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
}

/** Node's URL and every proxy on the way resolve `.` and `..`: those would be calls of other paths. */
function pathOf(own: readonly string[], others: readonly string[]): fc.Arbitrary<string> {
  const wellFormed = fc.stringMatching(/^(job|upl|bat)_[0-9A-HJKMNP-TV-Z]{26}$/);
  const text = fc
    .string({ minLength: 1, maxLength: 60, unit: 'grapheme' })
    .filter((each) => each !== '.' && each !== '..' && each.isWellFormed());
  return fc.oneof(
    ...(own.length === 0 ? [] : [{ weight: 8, arbitrary: fc.constantFrom(...own) }]),
    fc.constantFrom(...others),
    wellFormed,
    fc.nat(9).map(String),
    text,
  );
}

function parameterText(document: ApiDocument, { name, schema, example, in: place }: Parameter): fc.Arbitrary<string> {
  if (name === 'Prefer') return fc.constantFrom(...WAITS);
  const fitting = arbitraryValue(document, schema).map(String);
  const known = example === undefined ? [] : [fc.constant(String(example))];
  if (place === 'header') return fc.oneof(headerText, ...known);
  return fc.oneof(fitting, fc.string({ unit: 'grapheme' }), ...known);
}

function headersOf(
  document: ApiDocument,
  { parameters }: DocumentedOperation,
  apiKey: string,
): fc.Arbitrary<Record<string, string>> {
  const own = parameters.filter(({ in: place }) => place === 'header');
  const optional = Object.fromEntries(own.map((each) => [each.name, parameterText(document, each)]));
  const key = fc.oneof(
    { weight: 12, arbitrary: fc.constant<Record<string, string>>({ authorization: `Bearer ${apiKey}` }) },
    { weight: 1, arbitrary: fc.constant<Record<string, string>>({ 'x-api-key': apiKey }) },
    { weight: 1, arbitrary: fc.constantFrom(...KEYS).map((authorization) => ({ authorization })) },
  );
  const type = fc.oneof(
    { weight: 12, arbitrary: fc.constant('application/json') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('text/plain', 'application/json; charset=latin1', 'a/b', 'application/xml'),
    },
  );
  return fc
    .tuple(fc.record(optional, { requiredKeys: [] }), key, type)
    .map(([given, credentials, contentType]) => ({ ...given, ...credentials, 'content-type': contentType }));
}

function queryOf(document: ApiDocument, { parameters }: DocumentedOperation): fc.Arbitrary<[string, string][]> {
  const own = parameters.filter(({ in: place }) => place === 'query');
  const known = own.map((each) => parameterText(document, each).map((value): [string, string] => [each.name, value]));
  const unknown = fc.tuple(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string());
  const one = fc.oneof(...known.map((arbitrary) => ({ weight: 4, arbitrary })), { weight: 1, arbitrary: unknown });
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant<[string, string][]>([]) },
    { weight: own.length, arbitrary: fc.array(one, { maxLength: 4 }) },
  );
}

/** Calls of an operation: right ones, nearly right ones, and nonsense. */
export function arbitraryCall(
  document: ApiDocument,
  operation: DocumentedOperation,
  { apiKey, ids }: CallIngredients,
): fc.Arbitrary<ApiCall> {
  const everyId = Object.values(ids).flat();
  const parameters = [...operation.path.matchAll(/([^/]+)\/\{(\w+)\}/g)];
  const path = parameters.map(([, owner = '', name = '']) => [name, pathOf(ids[owner] ?? [], everyId)] as const);
  return fc.record({
    path: fc.record(Object.fromEntries(path)),
    query: queryOf(document, operation),
    headers: headersOf(document, operation, apiKey),
    body: bodyOf(document, operation),
  });
}
