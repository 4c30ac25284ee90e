import { describe, expect, it } from 'vitest';
import { deferred } from './deferred.ts';
import { waitFor } from './wait-for.ts';

describe('waitFor', () => {
  it('yields what the condition yields once it holds', async () => {
    const answers = [undefined, null, false, 0];

    expect(await waitFor(() => answers.shift(), { intervalMs: 1 })).toBe(0);
  });

  it('waits on through errors, and shows the last one when the time is over', async () => {
    const cause = new Error('not there');
    const failing = waitFor(() => Promise.reject(cause), { timeoutMs: 5, intervalMs: 1, what: 'the file' });

    await expect(failing).rejects.toMatchObject({ message: 'the file did not hold within 5 ms', cause });
  });
});

describe('deferred', () => {
  it('is settled by its holder', async () => {
    const kept = deferred<number>();
    const broken = deferred();

    kept.resolve(3);
    broken.reject(new Error('no'));

    expect(await kept.promise).toBe(3);
    await expect(broken.promise).rejects.toThrow('no');
  });
});
