import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { aRequest } from '../src/client.ts';
import { WORKSPACE_ROOT } from '../src/command.ts';
import { arbitraryCall } from '../src/openapi/arbitrary-call.ts';
import { conformanceOf } from '../src/openapi/conformance.ts';
import { type DocumentedOperation, operationsOf, readDocument } from '../src/openapi/document.ts';
import { type ApiCall, send } from '../src/openapi/exchange.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';

const json = JSON.parse(readFileSync(join(WORKSPACE_ROOT, 'docs/openapi.json'), 'utf8'));
const document = readDocument(json);
/** What others want to be there, and enabled, is changed and erased last; before that, what a tenant may have a number of is used up. */
const LATE = ['POST /v1/keys', 'POST /v1/webhook-endpoints', 'PATCH', 'POST /v1/keys/{id}/revoke', 'DELETE'];
const lateness = ({ method, path }: { readonly method: string; readonly path: string }) =>
  Math.max(LATE.indexOf(method), LATE.indexOf(`${method} ${path}`));
const operations = operationsOf(document).toSorted((a, b) => lateness(a) - lateness(b));
const { responseErrors } = conformanceOf(json);

/**
 * Another seed finds other things, and more calls more: FUZZ_SEED=… FUZZ_CALLS=1000 npx vitest run journeys/openapi-fuzz. A number of calls, and no time: a
 * busy machine makes the same ones.
 */
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_260_101);
const CALLS = Number(process.env['FUZZ_CALLS'] ?? 50);
/** A call that prefers to wait takes a second. */
const TIMEOUT_MS = 60_000 + CALLS * 1000;

let test: TestStack;
const ids: Record<string, string[]> = { models: ['sketch-1'], outputs: ['0'] };

async function idOf(path: string, body?: object): Promise<string> {
  return z.object({ id: z.string() }).parse((await test.client.call(path, { method: 'POST', body })).json).id;
}

/** With the ids of what is there, and the document's examples for the rest. */
function rightCall({ path, parameters, body }: DocumentedOperation): ApiCall {
  const named = [...path.matchAll(/([^/]+)\/\{(\w+)\}/g)].map(([, owner = '', name = '']) => [
    name,
    ids[owner]?.[0] ?? '',
  ]);
  const [example] = body?.examples.values() ?? [];
  return {
    path: Object.fromEntries(named),
    query: parameters.flatMap((each): [string, string][] =>
      each.in === 'query' && each.required ? [[each.name, String(each.example)]] : [],
    ),
    headers: { authorization: `Bearer ${test.stack.apiKey}`, 'content-type': 'application/json' },
    body: example === undefined ? undefined : JSON.stringify(example),
  };
}

beforeAll(async () => {
  test = await startTestStack();
  const done = await test.client.submit();
  await test.client.terminal(done.id);
  // From here on jobs only wait: nobody paints what the calls ask for.
  await Promise.all(test.stack.workers.map((worker) => worker.stop()));
  const waiting = await test.client.submit();
  ids['jobs'] = [done.id, waiting.id];
  ids['batches'] = [await idOf('/v1/batches', { items: [aRequest(), {}] })];
  ids['keys'] = [await idOf('/v1/keys', { name: 'fuzzed', scopes: ['jobs:read'] })];
  const endpoint = await idOf('/v1/webhook-endpoints', { url: 'http://127.0.0.1:9/hook' });
  ids['webhook-endpoints'] = [endpoint];
  ids['webhook-deliveries'] = [await idOf(`/v1/webhook-endpoints/${endpoint}/test`)];
});
afterAll(() => test?.stop());

describe('no call makes the API answer otherwise than documented', () => {
  it.each(operations)(
    '$method $path',
    async (operation) => {
      const calls = arbitraryCall(document, operation, { apiKey: test.stack.apiKey, ids });
      const right = rightCall(operation);
      const statuses = new Set<number>();
      const property = fc.asyncProperty(calls, async (call) => {
        const answer = await send(test.stack, operation, call);

        statuses.add(answer.status);
        const failures = answer.status >= 500 ? [`it failed: ${answer.text}`] : [];
        expect([...failures, ...responseErrors(operation, answer)]).toEqual([]);
      });

      await fc.assert(property, {
        seed: SEED,
        numRuns: CALLS,
        examples: [[right], [{ ...right, headers: { authorization: 'Bearer ai_x_y' } }]],
      });
      // The calls were good and bad ones.
      expect(Math.min(...statuses)).toBeLessThan(400);
      expect(operation.isPublic || Math.max(...statuses) >= 400).toBe(true);
    },
    TIMEOUT_MS,
  );
});
