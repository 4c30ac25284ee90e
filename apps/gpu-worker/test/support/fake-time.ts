import type { FakeClock } from '@afterimage/testing';
import type { Time } from '../../src/time.ts';

/** The worker's time on a clock that the test moves. */
export function fakeTime(clock: FakeClock): Time {
  return {
    now: clock.now,
    monotonicMs: () => clock.now().getTime(),
    wait: (ms, signal) =>
      new Promise((resolve) => {
        if (ms <= 0 || signal?.aborted === true) return resolve();
        const cancel = clock.schedule(ms, finish);
        function finish() {
          cancel();
          signal?.removeEventListener('abort', finish);
          resolve();
        }
        signal?.addEventListener('abort', finish, { once: true });
      }),
  };
}

/** Lets everything run that waits for no timer. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Moves the clock on in small steps, and lets everything run that each of them has woken. */
export async function pass(clock: FakeClock, ms: number, stepMs = 100): Promise<void> {
  await settle();
  for (let passed = 0; passed < ms; passed += stepMs) {
    clock.advance(Math.min(stepMs, ms - passed));
    await settle();
  }
}

/**
 * Moves the clock on until the promise is settled.
 * @throws Error when that takes longer than `limitMs` of the clock
 */
export async function untilSettled<T>(clock: FakeClock, promise: Promise<T>, limitMs = 120_000): Promise<T> {
  let isSettled = false;
  const mark = () => {
    isSettled = true;
  };
  promise.then(mark, mark);
  await settle();
  for (let passed = 0; !isSettled && passed < limitMs; passed += 100) {
    clock.advance(100);
    await settle();
  }
  if (!isSettled) throw new Error(`not settled within ${limitMs} ms`);
  return await promise;
}
