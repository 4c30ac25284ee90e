import { describe, expect, it, vi } from 'vitest';
import { deferred } from '@afterimage/testing';
import type { Child, Exit } from './child.ts';
import { supervise, type SuperviseOptions } from './supervise.ts';

type Start = SuperviseOptions['start'];

const BACK_OFF_MS = 1;

function aChild(pid: number) {
  const exited = deferred<Exit>();
  const child: Child = {
    pid,
    exited: exited.promise,
    isStopping: false,
    onMessage: () => {},
    kill: (signal) => exited.resolve({ code: null, signal }),
    stop: async () => exited.resolve({ code: 0, signal: null }),
  };
  return child;
}

describe('supervise', () => {
  function superviseChildren(start: Start) {
    const report = vi.fn<(message: string) => void>();
    return { report, supervised: supervise({ name: 'worker', start, report, backOffMs: BACK_OFF_MS }) };
  }

  it('starts a process again that was killed', async () => {
    let pid = 0;
    const { supervised, report } = superviseChildren(async () => aChild(++pid));
    await supervised.whenReady();
    expect(supervised.pid).toBe(1);

    supervised.kill('SIGKILL');
    await vi.waitFor(() => expect(supervised.pid).toBe(2));
    await supervised.whenReady();

    expect(report).toHaveBeenCalledExactlyOnceWith('worker was ended by SIGKILL; starting it again');
    await supervised.stop();
    expect(supervised.pid).toBeUndefined();
  });

  it('does not report or restart a process that was stopped', async () => {
    const start = vi.fn<Start>(async () => aChild(1));
    const { supervised, report } = superviseChildren(start);
    await supervised.whenReady();

    await supervised.stop();

    expect(start).toHaveBeenCalledTimes(1);
    expect(report).not.toHaveBeenCalled();
  });

  it('gives up after five starts in a row that failed', async () => {
    const start = vi.fn<Start>(() => Promise.reject(new Error('no bundle')));
    const { supervised, report } = superviseChildren(start);
    const ready = supervised.whenReady();

    await expect(ready).rejects.toThrow('worker cannot be started');
    expect((await supervised.failed).cause).toMatchObject({ message: 'no bundle' });
    expect(start).toHaveBeenCalledTimes(5);
    expect(report).toHaveBeenCalledTimes(4);
  });

  it('tells a start that is under way to stop', async () => {
    const { supervised, report } = superviseChildren(
      (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')));
        }),
    );
    const ready = supervised.whenReady();

    await supervised.stop();

    expect(report).not.toHaveBeenCalled();
    await expect(ready).rejects.toThrow('worker was stopped');
  });
});
