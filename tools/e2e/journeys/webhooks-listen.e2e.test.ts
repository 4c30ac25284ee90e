import { webhookEndpointListSchema } from '@afterimage/job-schemas';
import { waitFor } from '@afterimage/testing';
import { expect, onTestFinished, test } from 'vitest';
import { runNode } from '../src/command.ts';
import { startTestStack } from '../src/stack.ts';
import { startReceiver } from '../src/webhook-receiver.ts';

test('webhooks listen passes the events of the local stack on, and leaves no endpoint behind', async () => {
  const stack = await startTestStack();
  onTestFinished(() => stack.stop());
  const receiver = await startReceiver();
  onTestFinished(() => receiver.stop());
  const endpoints = async () =>
    webhookEndpointListSchema.parse((await stack.client.call('/v1/webhook-endpoints')).json).data;
  const { apiUrl, apiKey } = stack.stack;
  const args = ['webhooks', 'listen', '--forward-to', receiver.url, '--event', 'job.succeeded'];

  const listening = runNode('tools/cli/bin/afterimage.mjs', args, {
    env: { AFTERIMAGE_API_URL: apiUrl, AFTERIMAGE_API_KEY: apiKey },
  });
  onTestFinished(() => void listening.child.kill('SIGKILL'));
  await waitFor(async () => (await endpoints()).length === 1, { what: 'the endpoint' });
  const job = await stack.client.submit();
  await waitFor(() => listening.output().includes(job.id), { timeoutMs: 30_000, what: 'the line of the listener' });
  listening.child.kill('SIGINT');
  const { exitCode, stdout } = await listening.ended;

  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ event: 'webhook', type: 'job.succeeded', subject: job.id, status: 204 });
  expect(receiver.received).toHaveLength(1);
  expect(await endpoints()).toEqual([]);
});
