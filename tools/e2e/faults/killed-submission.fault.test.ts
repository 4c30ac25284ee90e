import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aRequest } from '../src/client.ts';
import { WORKSPACE_ROOT } from '../src/command.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';

const PROCESS = fileURLToPath(new URL('../src/submit-process.cjs', import.meta.url));
const BUNDLE = join(WORKSPACE_ROOT, 'dist/apps/submit-api/handler.cjs');
const KEY = 'killed-between-put-and-publish';

let test: TestStack;

beforeAll(async () => {
  test = await startTestStack();
});
afterAll(() => test.stop());

/** A topic that takes what is published and never answers; `asked` once something was. */
async function startSilentTopic() {
  const server = createServer();
  const asked = once(server, 'request');
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}`, asked, stop };
}

it('a submission that is killed after the put and before the publish: its job is made once, and its retry finds it', async () => {
  const { stack, client } = test;
  const body = aRequest();
  const event = {
    httpMethod: 'POST',
    resource: '/v1/jobs',
    path: '/v1/jobs',
    headers: { 'content-type': 'application/json', 'idempotency-key': KEY },
    pathParameters: null,
    multiValueQueryStringParameters: null,
    body: JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: {
      requestId: 'request-1',
      authorizer: { tenantId: stack.tenantId, keyId: 'key-1', scopes: 'jobs:write' },
    },
  };
  const topic = await startSilentTopic();
  const environment = `--env-file=${join(stack.directory, 'env', 'submit-api.env')}`;
  const submission = spawn(process.execPath, [environment, PROCESS, BUNDLE, JSON.stringify(event)], {
    env: { PATH: process.env.PATH, AWS_ENDPOINT_URL_SNS: topic.url },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(submission, 'exit');
  await topic.asked;

  submission.kill('SIGKILL');
  await ended;
  topic.stop();
  const { data } = await client.list();
  expect(data).toMatchObject([{ status: 'queued', attempts: [] }]);

  const job = await client.terminal(data[0]?.id ?? '');
  expect(job).toMatchObject({ status: 'succeeded', attempts: [{ number: 1, outcome: 'succeeded' }] });
  const again = await client.call('/v1/jobs', { method: 'POST', body, headers: { 'idempotency-key': KEY } });
  expect(again.json).toMatchObject({ id: job.id, status: 'succeeded' });
  expect(again.headers.get('idempotency-replayed')).toBe('true');
});
