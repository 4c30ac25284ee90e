import { describe, expect, it } from 'vitest';
import { settle } from '../../test/support/fake-time.ts';
import { Slots } from './slots.ts';

const { signal } = new AbortController();

describe('Slots', () => {
  it('lets so many in, and the next one in turn when one leaves', async () => {
    const slots = new Slots(2);
    const entered: number[] = [];
    const leave = await slots.take(signal);
    await slots.take(signal);
    const third = slots.take(signal).then((release) => (entered.push(3), release));
    const fourth = slots.take(signal).then((release) => (entered.push(4), release));
    await settle();
    expect(entered).toEqual([]);

    leave();
    leave();
    await settle();
    expect(entered).toEqual([3]);

    (await third)();
    await fourth;
    expect(entered).toEqual([3, 4]);
  });

  it('takes none for who gave up waiting', async () => {
    const slots = new Slots(1);
    const control = new AbortController();
    const leave = await slots.take(signal);
    const given = slots.take(control.signal);
    const next = slots.take(signal);

    control.abort(new Error('canceled'));
    await expect(given).rejects.toThrow('canceled');
    await expect(slots.take(control.signal)).rejects.toThrow('canceled');
    leave();

    (await next)();
    await expect(slots.take(signal)).resolves.toBeTypeOf('function');
  });

  it('forgets nobody when someone gives up in the moment of their turn', async () => {
    const slots = new Slots(1);
    const control = new AbortController();
    const leave = await slots.take(signal);
    const given = slots.take(control.signal);
    const next = slots.take(signal);

    leave();
    control.abort(new Error('canceled'));
    (await given)();

    await expect(next).resolves.toBeTypeOf('function');
  });

  it.each([0, 1.5, -1])('cannot be %s', (count) => {
    expect(() => new Slots(count)).toThrow(RangeError);
  });
});
