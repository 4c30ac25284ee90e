import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WORKSPACE_ROOT } from '../src/command.ts';
import { arbitraryCall } from '../src/openapi/arbitrary-call.ts';
import { conformanceOf } from '../src/openapi/conformance.ts';
import { operationsOf, readDocument } from '../src/openapi/document.ts';
import { send } from '../src/openapi/exchange.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';

const json = JSON.parse(readFileSync(join(WORKSPACE_ROOT, 'docs/openapi.json'), 'utf8'));
const document = readDocument(json);
/** Erasing comes last, as the others want a job that has ended. */
const operations = operationsOf(document).toSorted(
  (a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'),
);
const { responseErrors } = conformanceOf(json);

/** Another seed finds other things: FUZZ_SEED=… FUZZ_SECONDS=600 npx vitest run journeys/openapi-fuzz */
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_260_101);
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 30);
/** No more of an operation: the simple ones are seen through soon. */
const CALLS_A_SECOND = 20;
const TIME_LIMIT_MS = (SECONDS * 1000) / operations.length;

let test: TestStack;
const ids = ['sketch-1'];

beforeAll(async () => {
  test = await startTestStack();
  const done = await test.client.submit();
  await test.client.terminal(done.id);
  // From here on jobs only wait: nobody paints what the calls ask for.
  await Promise.all(test.stack.workers.map((worker) => worker.stop()));
  const waiting = await test.client.submit();
  ids.push(done.id, waiting.id);
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
