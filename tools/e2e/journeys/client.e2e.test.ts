import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { webhooks } from '@afterimage/client';
import { type Client, createClient, type FileOutput } from '@afterimage/client/node';
import { waitFor } from '@afterimage/testing';
import { startTestStack, type TestStack } from '../src/stack.ts';
import { startReceiver } from '../src/webhook-receiver.ts';

let test: TestStack;
let client: Client<FileOutput>;
let folder: string;

beforeAll(async () => {
  test = await startTestStack({ sketchMsPerStep: 20 });
  client = createClient({ apiKey: test.stack.apiKey, baseUrl: test.stack.apiUrl });
  folder = mkdtempSync(join(tmpdir(), 'afterimage-sdk-'));
});
afterAll(async () => {
  await test.stop();
  rmSync(folder, { recursive: true, force: true });
});

const aRequest = (steps = 4) =>
  ({
    model: 'sketch-1',
    task: 'text-to-image',
    input: { prompt: 'a red boat on a calm lake', width: 64, height: 64, steps },
  }) as const;

it('makes a picture, shows its progress, saves it, repeats it and erases it', async () => {
  const seen = new Set<string>();
  const job = await client.run(aRequest(60), { onProgress: ({ status }) => seen.add(status) });

  expect([...seen]).toEqual(['queued', 'running', 'succeeded']);
  const path = await job.outputs[0]?.toFile(join(folder, 'boat.png'));
  expect(await sharp(path).metadata()).toMatchObject({ format: 'png', width: 64, height: 64 });

  const again = await client.jobs.retry(job.id, { input: { seed: 8 } });
  expect((await again.wait()).job).toMatchObject({ retryOf: job.id, input: { seed: 8 } });

  await client.jobs.delete(job.id);
  await expect(client.jobs.get(job.id)).rejects.toMatchObject({ code: 'not-found' });
  await expect(job.outputs[0]?.bytes()).rejects.toMatchObject({ code: 'output-expired' });
  const ids: string[] = [];
  for await (const { id } of client.jobs.list({ model: 'sketch-1' })) ids.push(id);
  expect(ids).toContain(again.id);
  expect(ids).not.toContain(job.id);
});

it('cancels what takes too long', async () => {
  const job = await client.jobs.create(aRequest(150));
  await expect(job.wait({ waitMs: 300 })).rejects.toMatchObject({ code: 'wait-timeout' });
  await job.cancel();
  await expect(job.wait()).rejects.toMatchObject({ name: 'JobFailedError', code: 'canceled' });
});

it('uploads an image once', async () => {
  const create = { width: 64, height: 64, channels: 3, background: 'olive' } as const;
  const picture = await sharp({ create }).webp().toBuffer();

  expect(await client.uploads.create(picture)).toBe(await client.uploads.create(new Blob([Uint8Array.from(picture)])));
});

it('has the models, the limits, and the problem of a request that is wrong', async () => {
  const [model] = await client.models.list();
  expect(model).toMatchObject({ id: 'sketch-1', tasks: expect.arrayContaining(['text-to-image']) });
  expect((await client.models.get('sketch-1')).inputSchemas).toHaveProperty('text-to-image');
  expect((await client.limits()).input.side).toMatchObject({ multipleOf: 8 });

  const wrong = { ...aRequest(), input: { prompt: 'a boat', width: 333 } };
  const error: unknown = await client.run(wrong).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: 'ApiError', status: 422, problem: { errors: [{ pointer: '#/input/width' }] } });
});

it('verifies the webhooks that the API sends', async () => {
  const receiver = await startReceiver();
  const job = await client.run({ ...aRequest(), webhook: { url: receiver.url, events: ['job.succeeded'] } });
  await waitFor(() => receiver.received.length > 0, { timeoutMs: 30_000, what: 'the webhook' });

  const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
  const event = await webhooks.verify(body, headers, test.stack.resources.webhookSecrets);
  expect(event).toMatchObject({ type: 'job.succeeded', data: { job: { id: job.id, status: 'succeeded' } } });
  await receiver.stop();
});
