import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deferred } from '@afterimage/testing';
import { startSchedule, type ScheduleOptions } from './schedule.ts';

type Invoke = ScheduleOptions['invoke'];

const INTERVAL_MS = 1000;

describe('startSchedule', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('invokes with a scheduled event after each interval', async () => {
    const invoke = vi.fn<Invoke>(async () => 'done');
    const schedule = startSchedule({ name: 'rule', intervalMs: INTERVAL_MS, invoke });

    await vi.advanceTimersByTimeAsync(INTERVAL_MS - 1);
    expect(invoke).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1 + INTERVAL_MS);

    expect(invoke).toHaveBeenCalledTimes(2);
    expect(invoke).toHaveBeenLastCalledWith(
      expect.objectContaining({ source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} }),
    );
    await schedule.stop();
  });

  it('never runs twice at a time, and counts the interval from the end of a run', async () => {
    const first = deferred<void>();
    const invoke = vi.fn<Invoke>(() => first.promise);
    const schedule = startSchedule({ name: 'rule', intervalMs: INTERVAL_MS, invoke });

    await vi.advanceTimersByTimeAsync(3 * INTERVAL_MS);
    const asked = schedule.runNow();
    await vi.advanceTimersByTimeAsync(INTERVAL_MS);
    expect(invoke).toHaveBeenCalledTimes(1);
    first.resolve();
    await asked;

    expect(invoke).toHaveBeenCalledTimes(2);
    await schedule.stop();
  });

  it('goes on after a run that failed', async () => {
    const invoke = vi.fn<Invoke>(() => Promise.reject(new Error('no')));
    const schedule = startSchedule({ name: 'rule', intervalMs: INTERVAL_MS, invoke });

    await vi.advanceTimersByTimeAsync(2 * INTERVAL_MS);
    expect(invoke).toHaveBeenCalledTimes(2);
    await expect(schedule.runNow()).rejects.toThrow('no');
    await schedule.stop();
  });

  it('pauses, runs when asked, and goes on', async () => {
    const invoke = vi.fn<Invoke>(async () => 'done');
    const schedule = startSchedule({ name: 'rule', intervalMs: INTERVAL_MS, isPaused: true, invoke });

    await vi.advanceTimersByTimeAsync(5 * INTERVAL_MS);
    expect(invoke).not.toHaveBeenCalled();
    expect(await schedule.runNow()).toBe('done');
    schedule.resume();
    await vi.advanceTimersByTimeAsync(INTERVAL_MS);
    expect(invoke).toHaveBeenCalledTimes(2);
    schedule.pause();
    await vi.advanceTimersByTimeAsync(5 * INTERVAL_MS);

    expect(invoke).toHaveBeenCalledTimes(2);
    await schedule.stop();
  });

  it('leaves no timer behind', async () => {
    const schedule = startSchedule({ name: 'rule', intervalMs: INTERVAL_MS, invoke: async () => 'done' });

    await schedule.stop();

    expect(vi.getTimerCount()).toBe(0);
  });
});
