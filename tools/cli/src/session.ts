import type { Command } from 'commander';
import { createClient, type Fetch } from '@afterimage/client/node';
import type { Clock } from './clock.ts';
import type { CommandContext } from './commands/context.ts';
import { toCliError } from './errors.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { isInterruption } from './interrupts.ts';
import { makeProgressBars } from './output/progress.ts';
import { makeJsonReporter, makeTextReporter } from './output/reporter.ts';
import { makePreview } from './preview/preview.ts';
import type { TerminalTraits } from './preview/protocol.ts';
import { makeReadSource } from './request/sources.ts';
import { findSettings } from './settings.ts';

export type OutputStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** All that the command needs of the outside; `main.ts` has the real ones. */
export interface CliDependencies {
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** What stdout writes to, where it is a terminal. */
  readonly terminal: TerminalTraits;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  readonly newIdempotencyKey: () => string;
  /** Aborted when the user wants to leave the command. */
  readonly interrupted: AbortSignal;
  /** From now on the user's second wish to leave aborts this signal. */
  readonly claimSecondInterrupt: () => AbortSignal;
}

export interface GlobalOptions {
  readonly apiUrl?: string;
  readonly apiKey?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** A command; `isJson` = its output is read by a program. */
export type Run = (context: CommandContext, isJson: boolean) => Promise<ExitCode>;

/** Runs a command of the program with a session of its own. */
export type Action = (run: Run, command: Command) => Promise<void>;

/** Wires a command to its terminal and its API, and turns its errors into messages and exit codes. */
export async function withSession(flags: GlobalOptions, dependencies: CliDependencies, run: Run): Promise<ExitCode> {
  const { env, cwd, stdout, stderr, fetch, clock, random, interrupted, newIdempotencyKey } = dependencies;
  const { claimSecondInterrupt } = dependencies;
  const isJson = flags.json === true || stdout.isTTY !== true;
  const isDumb = env.TERM === 'dumb';
  const isQuiet = flags.quiet === true;
  const hasBars = !isJson && !isQuiet && stderr.isTTY === true && !isDumb;
  const reporter = isJson
    ? makeJsonReporter(stdout, stderr, isQuiet)
    : makeTextReporter({ stdout, stderr, bars: hasBars ? makeProgressBars(stderr) : undefined, isQuiet });
  try {
    const settings = await findSettings({ flags, env, cwd });
    const context: CommandContext = {
      client: createClient({
        apiKey: settings.apiKey,
        baseUrl: settings.apiUrl,
        fetch,
        onRetry: ({ error, delayMs }) =>
          reporter.notice(`${error.message}; trying again in ${(delayMs / 1000).toFixed(1)} s`),
        runtime: {
          nowMs: clock.nowMs,
          // An interrupt ends the pauses of every request, those of requests without a signal as well.
          sleep: (delayMs, signal) => clock.sleep(delayMs, AbortSignal.any([signal, interrupted])),
          random,
        },
      }),
      reporter,
      stdout,
      stderr,
      nowMs: clock.nowMs,
      hasColor: stdout.isTTY === true && !isDumb && (env.NO_COLOR ?? '') === '',
      wantsProgress: hasBars,
      previewFor: (choice) =>
        makePreview({ choice: isJson || isQuiet ? 'none' : choice, terminal: dependencies.terminal, env, stdout }),
      fetch,
      newIdempotencyKey,
      cwd,
      readSource: makeReadSource(dependencies.stdin),
      sleep: clock.sleep,
      interrupted,
      claimSecondInterrupt,
    };
    return await run(context, isJson);
  } catch (error) {
    if (isInterruption(error, interrupted)) return EXIT.interrupted;
    const known = toCliError(error);
    if (known === undefined) throw error;
    reporter.error(known);
    return known.exitCode;
  } finally {
    reporter.close();
  }
}
