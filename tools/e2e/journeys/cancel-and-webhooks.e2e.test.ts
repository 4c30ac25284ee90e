import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { webhookBodySchema } from '@afterimage/job-schemas';
import { waitFor } from '@afterimage/testing';
import { aRequest, type Client } from '../src/client.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';
import { startReceiver } from '../src/webhook-receiver.ts';

const MS_PER_STEP = 100;

let test: TestStack;
let client: Client;

beforeAll(async () => {
  test = await startTestStack({
    sketchMsPerStep: MS_PER_STEP,
    env: { 'gpu-worker': { HEARTBEAT_INTERVAL_MS: '200' } },
  });
  ({ client } = test);
});
afterAll(() => test.stop());

/** A job that would run for a quarter of an hour. */
const aLongRequest = () =>
  aRequest({ policy: { executionTimeoutSeconds: 1000 } }, { steps: 150, images: 8, width: 512, height: 512 });

async function cancel(id: string) {
  return client.call(`/v1/jobs/${id}/cancel`, { method: 'POST' });
}

describe('canceling', () => {
  it('a running job stops its engine within seconds, and frees the worker', async () => {
    const { id } = await client.submit(aLongRequest());
    const running = await client.jobWhere(id, 'making progress', ({ progress }) => (progress?.step ?? 0) >= 2);
    expect(running).toMatchObject({ status: 'running', phase: 'inferring', progress: { steps: 150, images: 8 } });

    const answer = await cancel(id);
    expect(answer).toMatchObject({ status: 202, json: { status: 'canceling' } });

    const canceled = await client.terminal(id, 5000);
    expect(canceled).toMatchObject({ status: 'canceled', outputs: [], attempts: [{ outcome: 'canceled' }] });
    expect(await test.objects(`outputs/local/${id}/`)).toEqual([]);
    expect((await client.terminal((await client.submit()).id)).status).toBe('succeeded');
  });

  it('a queued job is immediate, and the worker never starts it', async () => {
    const busy = await client.submit(aLongRequest());
    await client.jobWhere(busy.id, 'running', ({ status }) => status === 'running');
    // The worker takes one job ahead of its time; the next one stays queued.
    const prefetched = await client.submit(aLongRequest());
    await client.jobWhere(prefetched.id, 'prefetched', ({ status }) => status === 'running');
    const { id } = await client.submit();

    const answer = await cancel(id);
    expect(answer).toMatchObject({ status: 200, json: { status: 'canceled' } });
    expect(await cancel(id)).toMatchObject({ status: 200, json: answer.json });

    for (const job of [prefetched, busy]) {
      await cancel(job.id);
      expect(await client.terminal(job.id, 5000)).toMatchObject({ status: 'canceled' });
    }
    const after = await client.submit();
    await client.terminal(after.id);
    expect(await client.get(id)).toMatchObject({ status: 'canceled', attempts: [], startedAt: null });
  });
});

describe('a webhook', () => {
  it('tells of the start and the end, signed, and again after a failure under the same id', async () => {
    const receiver = await startReceiver([500]);
    const webhook = { url: receiver.url, events: ['job.started', 'job.succeeded'] };

    const job = await client.submit(aRequest({ webhook }, { steps: 2 }));
    await client.terminal(job.id);
    await waitFor(() => receiver.received.length >= 3, { timeoutMs: 30_000, what: 'the third webhook' });

    const verifier = new Webhook(test.stack.resources.webhookSecrets[0] ?? '');
    const events = receiver.received.map(({ headers, body }) => {
      const verified = verifier.verify(body, headers as Record<string, string>);
      return { id: headers['webhook-id'], ...webhookBodySchema.parse(verified) };
    });
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['job.started', 'job.succeeded']));
    expect(new Set(events.map(({ id }) => id)).size).toBe(2);
    expect(events.find(({ type }) => type === 'job.succeeded')?.data.job).toMatchObject({
      id: job.id,
      status: 'succeeded',
    });
    expect(receiver.received.map(({ body }) => body).join()).not.toContain('red boat');
    await receiver.stop();
  });
});
