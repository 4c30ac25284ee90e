import { batchEvent } from '@afterimage/job-core';
import { webhookBodySchema } from '@afterimage/job-schemas';
import { aBatchRecord, aJobEvent, aJobRecord } from '@afterimage/testing';
import { expect, test } from 'vitest';
import { webhookBody } from './webhook-body.ts';

test('is the event without its envelope, and the job without its input', () => {
  const event = aJobEvent(aJobRecord({ metadata: { orderId: 'A-17' } }));

  const body = JSON.parse(webhookBody(event));

  expect(body).toEqual({ type: event.type, timestamp: event.time, data: event.data });
  expect(body.data.job).not.toHaveProperty('input');
});

const metadata = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`key${index}`, '漢'.repeat(500)]));

test('stays below 20 kB with the most that a tenant and an engine can say', () => {
  const error = { code: 'engine_error', message: 'x'.repeat(50_000), stage: 'inferring', attempt: 1 } as const;
  const event = aJobEvent(aJobRecord({ metadata, error: { ...error, retryable: false } }));

  const body = webhookBody(event);

  expect(Buffer.byteLength(body)).toBeLessThan(20_000);
  expect(webhookBodySchema.parse(JSON.parse(body)).data.job).toMatchObject({ id: event.subject, metadata: {} });
});

test('of a batch stays below 20 kB, however many items it has', () => {
  const webhook = { url: `https://hooks.example.com/${'x'.repeat(2000)}` };
  const batch = aBatchRecord({ size: 100, metadata, webhook });
  const event = batchEvent(batch, { apiUrl: 'https://api.example.com', now: new Date(batch.createdAt) });

  const body = webhookBody(event);

  expect(Buffer.byteLength(body)).toBeLessThan(20_000);
  expect(JSON.parse(body).data.batch).toMatchObject({ id: batch.id, counts: { total: 100 }, metadata: {} });
});
