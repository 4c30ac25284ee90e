import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { webhookEndpointWithSecretSchema } from '@afterimage/job-schemas';
import { waitFor } from '@afterimage/testing';
import { expect, onTestFinished, test } from 'vitest';
import { WORKSPACE_ROOT } from '../src/command.ts';
import { startTestStack } from '../src/stack.ts';

/** The receiver as the README has it. */
function exampleOfReadme(): string {
  const readme = readFileSync(join(WORKSPACE_ROOT, 'README.md'), 'utf8');
  const [, code = ''] = /```js\n([^`]*webhooks\.verify[^`]*)```/.exec(readme) ?? [];
  return code;
}

async function aFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function startReceiver(code: string, env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: join(WORKSPACE_ROOT, 'tools/e2e'),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill());
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  return { output: () => output };
}

test('the ten lines of the README are a receiver that takes what is signed and refuses all else', async () => {
  const code = exampleOfReadme();
  expect(code.trimEnd().split('\n')).toHaveLength(10);
  const stack = await startTestStack();
  onTestFinished(() => stack.stop());
  const port = await aFreePort();
  const url = `http://127.0.0.1:${port}/`;
  const body = { url, events: ['job.succeeded'] };
  const { json } = await stack.client.call('/v1/webhook-endpoints', { method: 'POST', body });
  const { secret } = webhookEndpointWithSecretSchema.parse(json);

  const receiver = startReceiver(code, { PORT: String(port), WEBHOOK_SECRET: secret });
  const forge = () => fetch(url, { method: 'POST', body: '{}', signal: AbortSignal.timeout(5000) });
  const forged = await waitFor(() => forge(), { what: 'the receiver' });
  const job = await stack.client.submit();

  await waitFor(() => receiver.output().includes(job.id), { timeoutMs: 30_000, what: 'the line of the receiver' });
  expect(forged.status).toBe(401);
  expect(receiver.output()).toMatch(new RegExp(`^evt_\\w{26} http\\S+/v1/jobs/${job.id}/outputs/0/content\\n$`));
});
