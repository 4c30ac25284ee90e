import { fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

export interface ChildOptions {
  readonly file: string;
  readonly args?: readonly string[];
  readonly execArgv?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Gets what the process writes; appended to. */
  readonly logFile: string;
  /** Time from SIGTERM until SIGKILL. */
  readonly graceMs: number;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Child {
  readonly pid: number | undefined;
  readonly exited: Promise<Exit>;
  /** Whether the end was asked for by `stop`. */
  readonly isStopping: boolean;
  onMessage(listener: (message: unknown) => void): void;
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, then SIGKILL after the grace time. Resolves when the process is gone. */
  stop(): Promise<void>;
}

/**
 * Starts a Node.js process with a channel to this one, by whose end it notices that this process has died. It gets a
 * process group of its own, so that Ctrl-C reaches only the stack, which then ends its parts in the right order.
 */
export function startChild(options: ChildOptions): Child {
  const log = openSync(options.logFile, 'a');
  const child = fork(options.file, [...(options.args ?? [])], {
    execArgv: [...(options.execArgv ?? [])],
    env: options.env,
    detached: process.platform !== 'win32',
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  let isStopping = false;
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: 1, signal: null }));
  });
  return {
    pid: child.pid,
    exited,
    get isStopping() {
      return isStopping;
    },
    onMessage: (listener) => void child.on('message', listener),
    kill: (signal) => void child.kill(signal),
    stop: async () => {
      isStopping = true;
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), options.graceMs);
      await exited;
      clearTimeout(force);
    },
  };
}

/** How a process ended, in words. */
export function describeExit({ code, signal }: Exit): string {
  return signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
}
