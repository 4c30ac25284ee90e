import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startLocalStack } from '@afterimage/local-stack';
import { aRequest, Client } from '../src/client.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'afterimage-restart-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it('a restart of the whole stack keeps queued jobs, finished pictures and the key', async () => {
  const first = await startLocalStack({
    persistence: 'disk',
    directory,
    port: 0,
    workers: 1,
    reconcileIntervalMs: 500,
  });
  const before = new Client(first);
  const done = await before.terminal((await before.submit()).id);
  await first.workers[0]?.stop();
  const queued = await Promise.all(Array.from({ length: 5 }, (_, seed) => before.submit(aRequest({}, { seed }))));
  await first.stop();

  const second = await startLocalStack({
    persistence: 'disk',
    directory,
    port: 0,
    workers: 1,
    reconcileIntervalMs: 500,
  });
  try {
    expect(second.apiKey).toBe(first.apiKey);
    const after = new Client(second);
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
