import { waitFor } from '@afterimage/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aRequest, type Client } from '../src/client.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';

let test: TestStack;
let client: Client;

beforeAll(async () => {
  test = await startTestStack();
  ({ client } = test);
});
afterAll(() => test.stop());

const erase = (id: string) => client.call(`/v1/jobs/${id}`, { method: 'DELETE' });
const aSecret = () => aRequest({ output: { thumbnail: true }, metadata: { customer: 'Ada' } }, { images: 2 });

it('a job that has ended is erased: its pictures, its words, and from every list', async () => {
  const kept = await client.terminal((await client.submit()).id);
  const job = await client.terminal((await client.submit(aSecret())).id);
  const prefix = `outputs/local/${job.id}/`;
  expect(await test.objects(prefix)).toHaveLength(4);

  expect(await erase(job.id)).toMatchObject({ status: 204, json: {} });
  expect(await erase(job.id)).toMatchObject({ status: 204 });

  expect(await test.objects(prefix)).toEqual([]);
  expect((await fetch(job.outputs[0]?.url ?? '')).status).toBe(404);
  expect(JSON.stringify(await test.jobs.get(job.id))).not.toMatch(/boat|Ada/);
  expect((await client.list()).data.map(({ id }) => id)).toEqual([kept.id]);
  expect(await client.content(kept.id)).not.toHaveLength(0);
});

it('an erased job is not found, its outputs are gone, and its key makes no other', async () => {
  const headers = { 'idempotency-key': 'secret-1' };
  const { id } = await client.submit(aSecret(), headers);
  await client.terminal(id);
  await erase(id);

  expect(await client.call(`/v1/jobs/${id}`)).toMatchObject({ status: 404, json: { code: 'not-found' } });
  expect(await client.call(`/v1/jobs/${id}/retry`, { method: 'POST' })).toMatchObject({ status: 404 });
  expect(await client.call(`/v1/jobs/${id}/cancel`, { method: 'POST' })).toMatchObject({ status: 404 });
  expect(await client.call(`/v1/jobs/${id}/outputs/0/content`)).toMatchObject({
    status: 410,
    json: { code: 'output-expired' },
  });
  expect(await client.call('/v1/jobs', { method: 'POST', body: aSecret(), headers })).toMatchObject({
    status: 410,
    json: { code: 'output-expired', jobId: id },
  });
});

it('an erasure that was cut off after its first write is finished by itself', async () => {
  const { id } = await client.terminal((await client.submit(aSecret())).id);
  const now = new Date().toISOString();
  const cutOff = { erasedAt: now, outputs: [], dueAt: now };
  await test.jobs.change(id, { guard: { status: ['succeeded'] }, set: cutOff, bumpsVersion: true });

  await waitFor(async () => (await test.jobs.get(id))?.dueAt === null);

  expect(await test.objects(`outputs/local/${id}/`)).toEqual([]);
});

it('a job that has not ended is not erased', async () => {
  const { id } = await client.submit(aRequest({}, { width: 2048, height: 2048, steps: 150, images: 8 }));

  expect(await erase(id)).toMatchObject({ status: 409, json: { code: 'job-not-terminal', jobId: id } });

  await client.call(`/v1/jobs/${id}/cancel`, { method: 'POST' });
  await client.terminal(id);
  expect(await erase(id)).toMatchObject({ status: 204 });
});
