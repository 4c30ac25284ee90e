import { deferred } from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import { Batch } from './sqs-batch.ts';

/** A batch whose linger ends when the test says so, and the calls that it made. */
function aBatch(answer: (items: readonly number[]) => Promise<readonly (string | Error)[]>) {
  const calls: (readonly number[])[] = [];
  let ring = () => {};
  const batch = new Batch<number, string>({
    lingerMs: 5,
    wait: (_ms, signal) =>
      new Promise((resolve) => {
        ring = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      }),
    send(items) {
      calls.push(items);
      return answer(items);
    },
  });
  return { batch, calls, ring: () => ring() };
}

const named = async (items: readonly number[]) => items.map((item) => `item ${item}`);

describe('a batch', () => {
  it('sends what comes within the linger as one call, and gives each its own result', async () => {
    const { batch, calls, ring } = aBatch(named);

    const results = [batch.add(1), batch.add(2), batch.add(3)];
    expect(calls).toEqual([]);
    ring();

    expect(await Promise.all(results)).toEqual(['item 1', 'item 2', 'item 3']);
    expect(calls).toEqual([[1, 2, 3]]);
  });

  it('sends ten at once, and begins anew after them', async () => {
    const { batch, calls, ring } = aBatch(named);

    const results = Array.from({ length: 12 }, (_, index) => batch.add(index));
    expect(calls.map(({ length }) => length)).toEqual([10]);
    ring();
    await Promise.all(results);

    expect(calls.map(({ length }) => length)).toEqual([10, 2]);
  });

  it('fails an item alone when it failed alone', async () => {
    const { batch } = aBatch(async () => ['first', new Error('refused'), 'third']);

    const results = [batch.add(1), batch.add(2), batch.add(3)];
    batch.flush();

    expect(await Promise.allSettled(results)).toMatchObject([
      { value: 'first' },
      { reason: { message: 'refused' } },
      { value: 'third' },
    ]);
  });

  it.each([
    ['the call fails', () => Promise.reject(new Error('away')), 'away'],
    ['the call yields too few results', async () => [], 'the call yielded too few results'],
  ])('fails every item when %s', async (_, answer, message) => {
    const { batch } = aBatch(answer);

    const results = [batch.add(1), batch.add(2)];
    batch.flush();

    for (const result of results) await expect(result).rejects.toThrow(message);
  });

  it('sends what waits when it is closed, waits for it, and for nothing after that', async () => {
    const held = deferred();
    const { batch, calls } = aBatch(async (items) => {
      await held.promise;
      return await named(items);
    });
    const first = batch.add(1);
    let isClosed = false;
    const closing = batch.close().then(() => (isClosed = true));
    expect(calls).toEqual([[1]]);
    expect(isClosed).toBe(false);

    held.resolve();
    await closing;

    expect(await first).toBe('item 1');
    expect(await batch.add(2)).toBe('item 2');
  });
});
