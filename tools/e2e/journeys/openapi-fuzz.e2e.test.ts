import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { aRequest } from '../src/client.ts';
import { WORKSPACE_ROOT } from '../src/command.ts';
import { arbitraryCall } from '../src/openapi/arbitrary-call.ts';
import { conformanceOf } from '../src/openapi/conformance.ts';
import { operationsOf, readDocument } from '../src/openapi/document.ts';
import { send } from '../src/openapi/exchange.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';

const json = JSON.parse(readFileSync(join(WORKSPACE_ROOT, 'docs/openapi.json'), 'utf8'));
const document = readDocument(json);
/** What others want to be there, and enabled, is changed and erased last. */
const LATE = ['PATCH', 'DELETE'];
const operations = operationsOf(document).toSorted((a, b) => LATE.indexOf(a.method) - LATE.indexOf(b.method));
const { responseErrors } = conformanceOf(json);

/** Another seed finds other things: FUZZ_SEED=… FUZZ_SECONDS=600 npx vitest run journeys/openapi-fuzz */
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_260_101);
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 60);
/** No more of an operation: the simple ones are seen through soon. */
const CALLS_A_SECOND = 20;
const TIME_LIMIT_MS = (SECONDS * 1000) / operations.length;

let test: TestStack;
const ids: Record<string, string[]> = { models: ['sketch-1'], outputs: ['0'] };

async function idOf(path: string, body?: object): Promise<string> {
  return z.object({ id: z.string() }).parse((await test.client.call(path, { method: 'POST', body })).json).id;
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
      const statuses = new Set<number>();
      const property = fc.asyncProperty(calls, async (call) => {
        const answer = await send(test.stack, operation, call);

        statuses.add(answer.status);
        const failures = answer.status >= 500 ? [`it failed: ${answer.text}`] : [];
        expect([...failures, ...responseErrors(operation, answer)]).toEqual([]);
      });

      await fc.assert(property, {
        seed: SEED,
        numRuns: SECONDS * CALLS_A_SECOND,
        interruptAfterTimeLimit: TIME_LIMIT_MS,
        markInterruptAsFailure: false,
      });
      // The calls were good and bad ones.
      expect(Math.min(...statuses)).toBeLessThan(400);
      expect(operation.isPublic || Math.max(...statuses) >= 400).toBe(true);
    },
    TIME_LIMIT_MS + 30_000,
  );
});
