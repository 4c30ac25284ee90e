import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { runCli, type CliDependencies, type OutputStream } from '../src/index.ts';

export interface RunOptions {
  readonly apiUrl?: string;
  readonly isTerminal?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string;
  readonly configFile?: string;
  /** Takes what is opened on the desktop; there is none without it. */
  readonly opened?: string[];
  /** What the user types; with answers stdin is a terminal. */
  readonly answers?: Readonly<Record<string, string>>;
  readonly terminal?: Partial<CliDependencies['terminal']>;
  readonly interruption?: AbortController;
  readonly secondInterruption?: AbortController;
  /** Called for every chunk on stdout, as it comes. */
  readonly onStdout?: (text: string) => void;
}

export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Every pause, in milliseconds. */
  readonly pauses: readonly number[];
}

/** Time of the fake clock, which stands still. */
export const NOW = new Date('2026-01-02T03:04:05Z');

function captured(
  isTTY: boolean,
  onText: (text: string) => void = () => {},
): { stream: OutputStream; text: () => string } {
  let all = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      all += String(chunk);
      onText(String(chunk));
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY, columns: 120 }), text: () => all };
}

/** Runs the command in this process with a terminal or without, a clock that does not wait, and a real network. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { apiUrl, isTerminal = false, env = {}, cwd = tmpdir(), interruption = new AbortController() } = options;
  const out = captured(isTerminal, options.onStdout);
  const err = captured(isTerminal);
  const pauses: number[] = [];
  const dependencies: CliDependencies = {
    version: '0.1.0',
    nodeVersion: '24.21.0',
    platform: process.platform,
    configFile: options.configFile ?? join(cwd, 'no-such-folder', 'config.json'),
    env: {
      ...(apiUrl === undefined ? {} : { AFTERIMAGE_API_URL: apiUrl, AFTERIMAGE_API_KEY: 'ai_key_secret' }),
      ...env,
    },
    cwd,
    stdin: Object.assign(Readable.from(options.stdin === undefined ? [] : [options.stdin]), {
      isTTY: options.answers !== undefined,
    }),
    stdout: out.stream,
    stderr: err.stream,
    terminal: {
      graphics: { kitty: false, iterm2: false, sixel: false },
      colorDepth: 24,
      ask: async () => '',
      ...options.terminal,
    },
    fetch: globalThis.fetch,
    async openFile(target) {
      if (options.opened === undefined) throw new Error('no desktop');
      options.opened.push(target);
    },
    ask: async (question) => options.answers?.[question],
    clock: {
      nowMs: () => NOW.getTime(),
      async sleep(delayMs, signal) {
        signal.throwIfAborted();
        pauses.push(delayMs);
      },
    },
    random: () => 0.5,
    newIdempotencyKey: () => 'key-1',
    interrupted: interruption.signal,
    claimSecondInterrupt: () => (options.secondInterruption ?? new AbortController()).signal,
  };
  const exitCode = await runCli(args, dependencies);
  return { exitCode, stdout: out.text(), stderr: err.text(), pauses };
}

export function lines(result: RunResult): Record<string, unknown>[] {
  return result.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

export async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'afterimage-cli-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}
