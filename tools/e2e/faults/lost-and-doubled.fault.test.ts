import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobMessageSchema } from '@afterimage/job-schemas';
import { aJobRecord, anId, waitFor } from '@afterimage/testing';
import { aRequest, type Client } from '../src/client.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';

let test: TestStack;
let client: Client;

const WORKER = {
  LEASE_SECONDS: '2',
  HEARTBEAT_INTERVAL_MS: '200',
  VISIBILITY_SECONDS: '2',
  VISIBILITY_INTERVAL_MS: '500',
};

beforeAll(async () => {
  test = await startTestStack({ sketchMsPerStep: 50, env: { 'gpu-worker': WORKER } });
  ({ client } = test);
});
afterAll(() => test.stop());

function queue(): { url: string; deadLettersUrl: string } {
  const found = test.stack.resources.jobQueues['local-interactive'];
  if (found === undefined) throw new Error('there is no queue local-interactive');
  return { url: found.url, deadLettersUrl: found.deadLetters.url };
}

async function depth(url: string): Promise<number> {
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes = {} } = await test.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...AttributeNames] }),
  );
  return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name]), 0);
}

async function send(body: unknown): Promise<void> {
  await test.sqs.send(new SendMessageCommand({ QueueUrl: queue().url, MessageBody: JSON.stringify(body) }));
}

const outputsOf = (id: string) => test.objects(`outputs/local/${id}/`);

describe('nothing is lost', () => {
  it('when the worker is killed at step 15: attempt 2 succeeds, with one set of outputs', async () => {
    const { id } = await client.submit(aRequest({}, { steps: 60, images: 2 }));
    await client.jobWhere(id, 'at step 15', ({ progress }) => (progress?.step ?? 0) >= 15);

    test.stack.workers[0]?.kill('SIGKILL');
    const job = await client.terminal(id);

    expect(job.status).toBe('succeeded');
    expect(job.attempts).toMatchObject([
      { number: 1, outcome: 'lost', reason: 'lease_lapsed' },
      { number: 2, outcome: 'succeeded' },
    ]);
    expect(job.outputs).toHaveLength(2);
    const visible = job.outputs.map(({ index }) => `outputs/local/${id}/2/${index}.png`);
    expect(await outputsOf(id)).toEqual(expect.arrayContaining(visible));
  });

  it('when the submission stops between the put and the publish: the reconciler publishes', async () => {
    const now = new Date();
    const record = aJobRecord({
      tenantId: test.stack.tenantId,
      createdAt: now.toISOString(),
      input: { ...aJobRecord().input, width: 64, height: 64, steps: 1 },
      dueAt: now.toISOString(),
    });
    await test.jobs.create(record);

    expect(await client.terminal(record.id)).toMatchObject({
      status: 'succeeded',
      attempts: [{ number: 1, outcome: 'succeeded' }],
    });
  });

  it('when nobody takes it in time: it expires, and no worker starts it after that', async () => {
    const long = aRequest({ policy: { executionTimeoutSeconds: 1000 } }, { steps: 150, images: 8 });
    const busy = await client.submit(long);
    await client.jobWhere(busy.id, 'running', ({ status }) => status === 'running');
    // The worker takes one job ahead of its time; the next one has to wait.
    const prefetched = await client.submit(long);
    await client.jobWhere(prefetched.id, 'prefetched', ({ status }) => status === 'running');
    const { id } = await client.submit(aRequest({ policy: { startWithinSeconds: 10 } }));

    const expired = await client.terminal(id);
    expect(expired).toMatchObject({ status: 'expired', attempts: [] });
    for (const job of [prefetched, busy]) {
      await client.call(`/v1/jobs/${job.id}/cancel`, { method: 'POST' });
      await client.terminal(job.id);
    }
    await waitFor(async () => (await depth(queue().url)) === 0, { what: 'an empty queue' });
    expect((await client.get(id)).status).toBe('expired');
  });
});

describe('nothing happens twice', () => {
  it('when the message of a job comes again, while it runs and after it has ended', async () => {
    const { id, pool } = await client.submit(aRequest({}, { steps: 20 }));
    const message = jobMessageSchema.parse({ jobId: id, tenantId: 'local', pool, priority: 'interactive', attempt: 1 });
    await client.jobWhere(id, 'running', ({ status }) => status === 'running');

    await send(message);
    const job = await client.terminal(id);
    await send(message);
    await waitFor(async () => (await depth(queue().url)) === 0, { what: 'an empty queue' });

    const after = await client.get(id);
    expect(after).toMatchObject({ status: 'succeeded', version: job.version });
    expect(after.attempts).toHaveLength(1);
    expect(await outputsOf(id)).toHaveLength(1);
  });
});

describe('a poison message', () => {
  it('reaches the dead-letter queue and stays there; its job is failed; others go on', async () => {
    const record = aJobRecord({
      id: anId('job'),
      tenantId: test.stack.tenantId,
      createdAt: new Date().toISOString(),
      isPublished: true,
    });
    await test.jobs.create({ ...record, dueAt: record.startDeadlineAt });
    await send({ jobId: record.id, tenantId: 'local', pool: 'local', priority: 'interactive', attempt: 'first' });

    const failed = await client.terminal(record.id, 60_000);

    expect(failed).toMatchObject({ status: 'failed', error: { code: 'internal', stage: 'queue' } });
    expect(await depth(queue().deadLettersUrl)).toBe(1);
    expect((await client.terminal((await client.submit()).id)).status).toBe('succeeded');
  });
});
