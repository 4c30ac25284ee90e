import { anId } from '@afterimage/testing';
import { expect, it, vi } from 'vitest';
import { makeHandToAll } from './hand-to-all.ts';

it('hands a message to all of them, and fails when one does', async () => {
  const message = { deliveryId: anId('whd'), attempt: 1 };
  const last = vi.fn<() => Promise<void>>(() => Promise.resolve());
  const handToAll = makeHandToAll([() => Promise.reject(new Error('away')), last]);

  await expect(handToAll(message)).rejects.toThrow('away');

  expect(last).toHaveBeenCalledExactlyOnceWith(message);
});
