import { anId } from '@afterimage/testing';
import { expect, it, vi } from 'vitest';
import { makeFanOut } from './fan-out.ts';

it('hands a message to all of them, and fails when one does', async () => {
  const message = { deliveryId: anId('whd'), attempt: 1 };
  const last = vi.fn(() => Promise.resolve());
  const fanOut = makeFanOut([() => Promise.reject(new Error('away')), last]);

  await expect(fanOut(message)).rejects.toThrow('away');

  expect(last).toHaveBeenCalledExactlyOnceWith(message);
});
