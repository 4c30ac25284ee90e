import { describe, expect, it, vi } from 'vitest';
import { deferred } from '@afterimage/testing';
import { makeSlots } from './slots.ts';

describe('makeSlots', () => {
  it('runs as many as there are slots, and the others in their order', async () => {
    const slots = makeSlots(2);
    const gates = Array.from({ length: 4 }, () => deferred<void>());
    const started: number[] = [];
    const runs = gates.map((gate, index) =>
      slots.run(async () => {
        started.push(index);
        await gate.promise;
      }),
    );

    await vi.waitFor(() => expect(started).toEqual([0, 1]));
    gates[1]?.resolve();
    await vi.waitFor(() => expect(started).toEqual([0, 1, 2]));
    for (const gate of gates) gate.resolve();
    await Promise.all(runs);

    expect(started).toEqual([0, 1, 2, 3]);
  });

  it('frees the slot of work that failed', async () => {
    const slots = makeSlots(1);

    await expect(slots.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');

    expect(await slots.run(async () => 'yes')).toBe('yes');
  });
});
