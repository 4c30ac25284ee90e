import { type ApiDocument, type DocumentedOperation, operationsOf, type Parameter } from './document.ts';
import type { ApiCall } from './exchange.ts';

export interface ExampleCall {
  readonly name: string;
  readonly operation: DocumentedOperation;
  readonly call: ApiCall;
}

function examplesOf(parameters: readonly Parameter[], place: Parameter['in']): [string, string][] {
  return parameters.flatMap(({ in: where, name, example }) =>
    where === place && example !== undefined ? [[name, String(example)] as [string, string]] : [],
  );
}

function callsOf(operation: DocumentedOperation): ExampleCall[] {
  const { name, parameters, body } = operation;
  const path = Object.fromEntries(examplesOf(parameters, 'path'));
  const query = examplesOf(
    parameters.filter(({ required }) => required),
    'query',
  );
  const json = { 'content-type': 'application/json' };
  const bodies = [...(body?.examples ?? [])].map(([example, value]) => ({
    name: `${name}: ${example}`,
    call: { path, query, headers: json, body: JSON.stringify(value) },
  }));
  const plain = bodies.length > 0 ? bodies : [{ name, call: { path, query, headers: {}, body: undefined } }];
  const all = plain.map((each) => ({ ...each, operation }));
  const [first] = all;
  if (first === undefined || parameters.every(({ in: place }) => place === 'path')) return all;
  const headers = { ...first.call.headers, ...Object.fromEntries(examplesOf(parameters, 'header')) };
  const call = { ...first.call, headers, query: examplesOf(parameters, 'query') };
  return [...all, { name: `${name}, every parameter`, operation, call }];
}

/** The examples of the document as calls: each body by itself, and for each operation once all its parameters. */
export function exampleCalls(document: ApiDocument): ExampleCall[] {
  return operationsOf(document).flatMap(callsOf);
}

/** Puts the id of something that there is in place of the one in the examples. */
export function withId(call: ApiCall, example: string, id: string): ApiCall {
  return {
    ...call,
    path: Object.fromEntries(Object.entries(call.path).map(([name, value]) => [name, value === example ? id : value])),
    body: call.body?.replaceAll(example, id),
  };
}
