import { isDeepStrictEqual } from 'node:util';
import { type ApiDocument, apiDocumentSchema, type ApiOperation, dereference, type Parameter } from './api-document.ts';
import { schemaChanges, type Writer } from './schema-changes.ts';

interface Pair {
  readonly before: ApiDocument;
  readonly after: ApiDocument;
}

type Content = ApiOperation['responses'][string]['content'];

function contentChanges({ before, after }: Pair, from: Content, to: Content, writer: Writer, at: string): string[] {
  const compare = schemaChanges(before.components, after.components, writer);
  return Object.entries(from).flatMap(([type, { schema }]) => {
    const other = to[type];
    return other === undefined ? [`${at}: ${type} was removed`] : compare(schema, other.schema, at);
  });
}

function parametersOf(operation: ApiOperation, { components }: ApiDocument): Map<string, Parameter> {
  const all = operation.parameters.map((each) => dereference(each, components.parameters));
  return new Map(all.map((each) => [`${each.in} ${each.name.toLowerCase()}`, each]));
}

function parameterChanges(pair: Pair, from: ApiOperation, to: ApiOperation, writer: Writer): string[] {
  const [olds, nows] = [parametersOf(from, pair.before), parametersOf(to, pair.after)];
  const compare = schemaChanges(pair.before.components, pair.after.components, writer);
  const kept = [...olds].flatMap(([key, old]) => {
    const now = nows.get(key);
    if (now === undefined) return [`${key} was removed`];
    const isStricter = writer === 'client' ? now.required && !old.required : old.required && !now.required;
    const changed = `${key} ${writer === 'client' ? 'became required' : 'is not always there any more'}`;
    return [...(isStricter ? [changed] : []), ...compare(old.schema, now.schema, key)];
  });
  const added = [...nows].filter(([key, { required }]) => writer === 'client' && required && !olds.has(key));
  return [...kept, ...added.map(([key]) => `${key} is new and required`)];
}

function bodyChanges(pair: Pair, from: ApiOperation, to: ApiOperation, writer: Writer): string[] {
  const [old, now] = [from.requestBody, to.requestBody];
  if (old === undefined) return now?.required === true ? ['a body is required'] : [];
  if (now === undefined) return ['the body was removed'];
  const isStricter = writer === 'client' && now.required && !old.required;
  return [
    ...(isStricter ? ['the body became required'] : []),
    ...contentChanges(pair, old.content, now.content, writer, 'body'),
  ];
}

/** A problem that cannot happen any more breaks nobody; an answer that clients build upon does. */
function responseChanges(pair: Pair, from: ApiOperation, to: ApiOperation): string[] {
  return Object.entries(from.responses).flatMap(([status, reference]) => {
    const old = dereference(reference, pair.before.components.responses);
    const other = to.responses[status];
    if (other === undefined) return /^[23]/.test(status) ? [`${status} was removed`] : [];
    const now = dereference(other, pair.after.components.responses);
    const headers = Object.keys(old.headers).filter((name) => !(name in now.headers));
    return [
      ...headers.map((name) => `${status}: the header ${name} was removed`),
      ...contentChanges(pair, old.content, now.content, 'server', status),
    ];
  });
}

function operationChanges(pair: Pair, from: ApiOperation, to: ApiOperation, writer: Writer): string[] {
  const isSecured = to.security.length > 0 && !isDeepStrictEqual(from.security, to.security);
  return [
    ...(from.operationId === to.operationId ? [] : [`${from.operationId} was renamed to ${to.operationId}`]),
    ...(isSecured ? ['needs another key or scope'] : []),
    ...parameterChanges(pair, from, to, writer),
    ...bodyChanges(pair, from, to, writer),
    ...(writer === 'client' ? responseChanges(pair, from, to) : []),
  ];
}

function pathChanges(pair: Pair, kind: 'paths' | 'webhooks', writer: Writer): string[] {
  const methods = Object.entries(pair.before[kind]).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ path, method, operation })),
  );
  return methods.flatMap(({ path, method, operation }) => {
    const name = kind === 'paths' ? `${method.toUpperCase()} ${path}` : `webhook ${path}`;
    const other = pair.after[kind][path]?.[method];
    if (other === undefined) return [`${name} was removed`];
    return operationChanges(pair, operation, other, writer).map((change) => `${name}: ${change}`);
  });
}

/**
 * What in the later of two OpenAPI documents would break clients of the earlier one. Operations, optional parameters, fields
 * of answers, values and problems may be added.
 * @throws z.ZodError when one of them is no OpenAPI document
 */
export function breakingChanges(released: unknown, current: unknown): string[] {
  const pair = { before: apiDocumentSchema.parse(released), after: apiDocumentSchema.parse(current) };
  return [...pathChanges(pair, 'paths', 'client'), ...pathChanges(pair, 'webhooks', 'server')];
}
