import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitFor } from '@afterimage/testing';
import { aRequest } from '../src/client.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';
import { startReceiver } from '../src/webhook-receiver.ts';

const SECRET_WORDS = 'a very private zeppelin';
let test: TestStack;

beforeAll(async () => {
  test = await startTestStack({
    env: {
      'gpu-worker': { LOG_LEVEL: 'DEBUG' },
      'submit-api': { LOG_LEVEL: 'DEBUG' },
      'status-api': { LOG_LEVEL: 'DEBUG' },
      'result-notifier': { LOG_LEVEL: 'DEBUG' },
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
  const secrets = [SECRET_WORDS, 'zeppelin', secret, 'X-Amz-Signature', ...stack.resources.webhookSecrets];
  expect(secrets.filter((word) => logs.includes(word))).toEqual([]);
  await receiver.stop();
});
