import { describe, expect, it } from 'vitest';
import { batchEnvelopeSchema, createBatchSchema } from './batch.ts';
import { batchEventId, batchJobId, idempotentBatchId } from './fingerprint.ts';
import { idPattern } from './ids.ts';
import { LIMITS } from './limits.ts';

const item = { model: 'sketch-1', task: 'text-to-image', input: { prompt: 'a lighthouse' } };

describe('the body of a batch', () => {
  it('needs nothing but items, and fills in the rest', () => {
    const body = createBatchSchema.parse({ items: [item] });

    expect(body).toMatchObject({ webhook: null, metadata: {}, items: [{ policy: { priority: 'interactive' } }] });
  });

  it.each([
    ['no items', []],
    ['more items than are allowed', Array.from({ length: LIMITS.batch.items + 1 }, () => item)],
  ])('is refused with %s', (_, items) => {
    expect(batchEnvelopeSchema.safeParse({ items }).success).toBe(false);
  });

  it('leaves what is wrong with an item to the item', () => {
    expect(batchEnvelopeSchema.parse({ items: [item, 7, null] }).items).toEqual([item, 7, null]);
    expect(batchEnvelopeSchema.safeParse({ items: [item], webhok: null }).success).toBe(false);
  });
});

describe('the ids of a batch', () => {
  const batchId = idempotentBatchId('tenant-1', '/v1/batches', 'key-1');

  it('are derived, so that the same request finds the same batch and jobs', () => {
    expect(batchId).toMatch(idPattern('bat'));
    expect(idempotentBatchId('tenant-1', '/v1/batches', 'key-1')).toBe(batchId);
    expect(batchJobId(batchId, 3)).toBe(batchJobId(batchId, 3));
    expect(batchJobId(batchId, 3)).toMatch(idPattern('job'));
    expect(batchEventId(batchId)).toMatch(idPattern('evt'));
  });

  it('differ by tenant, path, key and index', () => {
    const others = [
      idempotentBatchId('tenant-2', '/v1/batches', 'key-1'),
      idempotentBatchId('tenant-1', '/v2/batches', 'key-1'),
      idempotentBatchId('tenant-1', '/v1/batches', 'key-2'),
    ];
    expect(new Set([batchId, ...others]).size).toBe(4);
    const jobIds = Array.from({ length: LIMITS.batch.items }, (_unused, index) => batchJobId(batchId, index));
    expect(new Set(jobIds).size).toBe(LIMITS.batch.items);
  });
});
