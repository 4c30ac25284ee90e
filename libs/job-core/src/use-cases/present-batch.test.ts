import { batchEventSchema, batchSchema, jobStatusSchema } from '@afterimage/job-schemas';
import { describe, expect, it } from 'vitest';
import { batchJobs, newBatch } from '../batch-lifecycle.ts';
import { batchEvent, presentBatch } from './present-batch.ts';

const NOW = new Date('2026-01-02T03:04:05.678Z');
const apiUrl = 'https://api.example.com';

const batch = newBatch(
  {
    id: 'bat_0123456789ABCDEFGHJKMNPQRS',
    tenantId: 'tenant-1',
    fingerprint: 'f'.repeat(64),
    requestId: 'request-1',
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    size: 9,
    rejections: [
      { index: 1, code: 'validation-failed', detail: '1 field is invalid', errors: [] },
      { index: 8, code: 'payload-too-large', detail: 'too large' },
    ],
    webhook: { url: 'https://example.com/hook' },
    metadata: { orderId: 'A-17' },
  },
  NOW,
);
const jobIds = batchJobs(batch).map(({ jobId }) => jobId);

describe('a batch as clients see it', () => {
  it('has an entry for each item, in their order, and counts that add up', () => {
    const statuses = new Map(jobStatusSchema.options.map((status, index) => [jobIds[index] ?? '', status]));

    const shown = batchSchema.parse(presentBatch(batch, { apiUrl, statuses }));

    expect(shown.items.map(({ index, status }) => [index, status])).toEqual([
      [0, 202],
      [1, 422],
      ...[2, 3, 4, 5, 6, 7].map((index) => [index, 202]),
      [8, 413],
    ]);
    const { total, ...counts } = shown.counts;
    expect(total).toBe(9);
    expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(9);
    expect(counts).toMatchObject({ rejected: 2, queued: 1, running: 1, canceling: 1, succeeded: 1, expired: 1 });
    expect(shown.items[1]?.problem).toMatchObject({
      code: 'validation-failed',
      instance: '/v1/batches',
      requestId: 'request-1',
    });
  });

  it('takes an end that is known over a state that was read before it, and a missing job for queued', () => {
    const [first = '', second = ''] = jobIds;
    const ended = { ...batch, ends: { [first]: 'failed' as const } };

    const shown = presentBatch(ended, { apiUrl, statuses: new Map([[first, 'running' as const]]) });

    expect(shown.items.find(({ jobId }) => jobId === first)?.jobStatus).toBe('failed');
    expect(shown.items.find(({ jobId }) => jobId === second)?.jobStatus).toBe('queued');
  });

  it('offers no cancellation once it is completed', () => {
    expect(presentBatch(batch, { apiUrl }).links.cancel).toBe(`${apiUrl}/v1/batches/${batch.id}/cancel`);
    expect(presentBatch({ ...batch, status: 'completed' }, { apiUrl }).links.cancel).toBeNull();
  });
});

describe('the event of a batch', () => {
  it('is the same on every publication, and has no items', () => {
    const completed = { ...batch, status: 'completed' as const };

    const event = batchEventSchema.parse(batchEvent(completed, { apiUrl, now: NOW }));

    expect(event).toMatchObject({ type: 'batch.completed', subject: batch.id, tenantid: 'tenant-1' });
    expect(batchEvent(completed, { apiUrl, now: new Date(0) }).id).toBe(event.id);
    expect(JSON.stringify(event)).not.toContain('"items"');
  });
});
