import { expect, test } from 'vitest';
import { concurrently } from './concurrently.ts';

test('keeps the order and the limit, and uses the limit', async () => {
  let running = 0;
  let most = 0;
  const results = await concurrently(20, 4, async (index) => {
    most = Math.max(most, ++running);
    await Promise.resolve();
    running--;
    return index * 2;
  });
  expect(results).toEqual(Array.from({ length: 20 }, (_, index) => index * 2));
  expect(most).toBe(4);
});

test('starts nothing after a failure, and waits for what runs', async () => {
  const started: number[] = [];
  const other = Promise.withResolvers<void>();
  let hasEnded = false;
  const all = concurrently(10, 2, async (index) => {
    started.push(index);
    if (index === 0) throw new Error('first');
    await other.promise;
    hasEnded = true;
  });
  other.resolve();
  await expect(all).rejects.toThrow('first');
  expect(started).toEqual([0, 1]);
  expect(hasEnded).toBe(true);
});
