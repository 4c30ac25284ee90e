import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { aRequest } from '../src/client.ts';
import { startTestStack } from '../src/stack.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'afterimage-restart-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it('a restart of the whole stack keeps queued jobs, finished pictures and the key', async () => {
  const start = () => startTestStack({ persistence: 'disk', directory, port: 0 });
  const first = await start();
  const { client: before } = first;
  const done = await before.terminal((await before.submit()).id);
  await first.stack.workers[0]?.stop();
  const queued = await Promise.all(Array.from({ length: 5 }, (_, seed) => before.submit(aRequest({}, { seed }))));
  await first.stop();

  const second = await start();
  try {
    expect(second.stack.apiKey).toBe(first.stack.apiKey);
    const { client: after } = second;
    for (const { id } of queued) {
      expect(await after.terminal(id)).toMatchObject({
        status: 'succeeded',
        attempts: [{ number: 1, outcome: 'succeeded' }],
      });
    }
    expect((await after.content(done.id)).byteLength).toBe(done.outputs[0]?.bytes);
  } finally {
    await second.stop();
  }
});
