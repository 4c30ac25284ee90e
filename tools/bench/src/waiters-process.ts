// One process that many clients wait in: the built bundle of wait-api, started by waiters.ts.
import { createRequire } from 'node:module';
import { fakeAwslambda, invokeStreaming } from '@afterimage/testing';
import { cpuSeconds } from './machine.ts';
import { type Answered, type Ask, askSchema } from './waiters-protocol.ts';

/** As long as a function that waits may run. */
const INVOCATION_MS = 60_000;

Object.assign(globalThis, { awslambda: fakeAwslambda });
const bundle = process.argv[2] ?? '';
const loaded: unknown = createRequire(import.meta.url)(bundle);
const handler = typeof loaded === 'object' && loaded !== null ? Reflect.get(loaded, 'handler') : undefined;

async function wait({ jobId, tenantId, waitSeconds }: Extract<Ask, { kind: 'wait' }>): Promise<Answered> {
  const event = {
    httpMethod: 'GET',
    resource: '/v1/jobs/{id}',
    path: `/v1/jobs/${jobId}`,
    headers: { prefer: `wait=${waitSeconds}`, 'if-none-match': 'W/"1"' },
    pathParameters: { id: jobId },
    multiValueQueryStringParameters: null,
    body: null,
    isBase64Encoded: false,
    requestContext: { requestId: jobId, authorizer: { tenantId, keyId: 'bench', scopes: 'jobs:read' } },
  };
  const startedAt = Date.now();
  const context = { getRemainingTimeInMillis: () => INVOCATION_MS - (Date.now() - startedAt) };
  const answer = invokeStreaming(handler, event, context);
  const { statusCode, headers } = await answer.prelude;
  await answer.text();
  return {
    kind: 'answered',
    jobId,
    status: statusCode,
    isApplied: 'preference-applied' in headers,
    atMs: performance.timeOrigin + performance.now(),
  };
}

process.on('message', (message) => {
  const ask = askSchema.parse(message);
  if (ask.kind === 'cpu') return void process.send?.({ kind: 'cpu', seconds: cpuSeconds() });
  void wait(ask).then((answered) => process.send?.(answered));
});
process.send?.({ kind: 'ready' });
