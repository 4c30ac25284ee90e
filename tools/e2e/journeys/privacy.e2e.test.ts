import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { webhookEndpointWithSecretSchema } from '@afterimage/job-schemas';
import { waitFor } from '@afterimage/testing';
import { aRequest } from '../src/client.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';
import { startReceiver } from '../src/webhook-receiver.ts';

const SECRET_WORDS = 'a very private zeppelin';
let test: TestStack;

beforeAll(async () => {
  const talkative = { LOG_LEVEL: 'DEBUG' };
  test = await startTestStack({
    env: {
      'api-authorizer': talkative,
      'submit-api': talkative,
      'status-api': talkative,
      'wait-api': talkative,
      'webhook-api': talkative,
      'result-notifier': talkative,
      'job-reconciler': talkative,
      'gpu-worker': talkative,
    },
  });
});
afterAll(() => test.stop());

it('no log line holds a key, a prompt or a signed query, in success, refusal and failure', async () => {
  const { client, stack } = test;
  const receiver = await startReceiver([500]);
  const job = await client.submit(aRequest({ webhook: { url: receiver.url } }, { prompt: SECRET_WORDS }));
  await client.terminal(job.id);
  await client.content(job.id);
  const endpoint = await client.call('/v1/webhook-endpoints', { method: 'POST', body: { url: receiver.url } });
  const { id: endpointId, secret: endpointSecret } = webhookEndpointWithSecretSchema.parse(endpoint.json);
  await client.call(`/v1/webhook-endpoints/${endpointId}/test`, { method: 'POST' });
  const key = await client.call('/v1/keys', { method: 'POST', body: { name: SECRET_WORDS, scopes: ['jobs:read'] } });
  await client.call('/v1/jobs', { method: 'POST', body: aRequest({}, { prompt: SECRET_WORDS, width: 1 }) });
  await client.call('/v1/jobs', { method: 'POST', body: `{"prompt":"${SECRET_WORDS}` });
  await client.call('/v1/jobs', { apiKey: `${stack.apiKey}x` });
  const metadata = { id: 'legacy-1', runtime: 'local', tasktype: 'text-to-image', context: SECRET_WORDS };
  const task = { metadata, content: { prompt: SECRET_WORDS, width: 64, height: 64, steps: 2 } };
  await client.call('/v1alpha2/task', { method: 'POST', body: { task } });
  await client.terminal('legacy-1');
  const image = 'https://example.com/a.png?X-Amz-Signature=0';
  const wrong = { ...task, content: { prompt: SECRET_WORDS, styles: [SECRET_WORDS], init_images: [image] } };
  await client.call('/v1alpha2/task', { method: 'POST', body: { task: wrong } });
  await waitFor(() => receiver.received.length >= 2, { timeoutMs: 30_000, what: 'the second webhook' });

  const logs = readdirSync(stack.logs)
    .map((name) => readFileSync(join(stack.logs, name), 'utf8'))
    .join('\n');

  expect(logs).toContain(job.id);
  const [, , secret = stack.apiKey] = stack.apiKey.split('_');
  const [, , otherSecret = ''] = String(key.json['key']).split('_');
  expect(otherSecret).not.toBe('');
  const words = [SECRET_WORDS, 'zeppelin', secret, otherSecret, endpointSecret, 'X-Amz-Signature'];
  const secrets = [...words, ...stack.resources.webhookSecrets];
  expect(secrets.filter((word) => logs.includes(word))).toEqual([]);
  await receiver.stop();
});
