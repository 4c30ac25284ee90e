import type { Command } from 'commander';
import { type Client, createClient, type Fetch, type FileOutput } from '@afterimage/client/node';
import type { Clock } from './clock.ts';
import type { CommandContext, OpenFile } from './commands/context.ts';
import { toCliError } from './errors.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { isInterruption } from './interrupts.ts';
import { makeProgressBars } from './output/progress.ts';
import { makeJsonReporter, makeTextReporter, type Reporter } from './output/reporter.ts';
import { makePreview } from './preview/preview.ts';
import type { TerminalTraits } from './preview/protocol.ts';
import { makeReadSource } from './request/sources.ts';
import { findSettings, type Settings } from './settings.ts';

export type OutputStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** All that the command needs of the outside; `main.ts` has the real ones. */
export interface CliDependencies {
  readonly version: string;
  readonly nodeVersion: string;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Of the profiles that `afterimage login` stores. */
  readonly configFile: string;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** What stdout writes to, where it is a terminal. */
  readonly terminal: TerminalTraits;
  readonly fetch: Fetch;
  /** Opens a file or an address as the user's desktop does. */
  readonly openFile: OpenFile;
  /** Asks on the terminal; undefined when the user leaves. What is hidden is not shown while it is typed. */
  readonly ask: (question: string, options: { readonly isHidden: boolean }) => Promise<string | undefined>;
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
  readonly profile?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** A command; `isJson` = its output is read by a program. */
export type Run = (context: CommandContext, isJson: boolean) => Promise<ExitCode>;

/** Runs a command that needs no API yet. */
export type ShellAction = (run: (shell: Shell) => Promise<ExitCode>, command: Command) => Promise<void>;

/** Runs a command of the program with a session of its own. */
export type Action = (run: Run, command: Command) => Promise<void>;

/** What a command has before it knows the API. */
export interface Shell {
  readonly dependencies: CliDependencies;
  readonly flags: GlobalOptions;
  readonly reporter: Reporter;
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  readonly hasBars: boolean;
  /** Whether colours may be used on stdout. */
  readonly hasColor: boolean;
  /** A client that tells of its retries, and whose pauses end with the command. */
  connect(access: Pick<Settings, 'apiUrl' | 'apiKey'>, options?: { readonly maxRetries?: number }): Client<FileOutput>;
}

function makeShell(flags: GlobalOptions, dependencies: CliDependencies): Shell {
  const { env, stdout, stderr, fetch, clock, random, interrupted } = dependencies;
  const isJson = flags.json === true || stdout.isTTY !== true;
  const isDumb = env.TERM === 'dumb';
  const isQuiet = flags.quiet === true;
  const hasBars = !isJson && !isQuiet && stderr.isTTY === true && !isDumb;
  const reporter = isJson
    ? makeJsonReporter(stdout, stderr, isQuiet)
    : makeTextReporter({ stdout, stderr, bars: hasBars ? makeProgressBars(stderr) : undefined, isQuiet });
  return {
    dependencies,
    flags,
    reporter,
    isJson,
    isQuiet,
    hasBars,
    hasColor: stdout.isTTY === true && !isDumb && (env.NO_COLOR ?? '') === '',
    connect: ({ apiKey, apiUrl }, options = {}) =>
      createClient({
        apiKey,
        baseUrl: apiUrl,
        fetch,
        traceparent: () => env.TRACEPARENT,
        ...options,
        onRetry: ({ error, delayMs }) =>
          reporter.notice(`${error.message}; trying again in ${(delayMs / 1000).toFixed(1)} s`),
        runtime: {
          nowMs: clock.nowMs,
          // An interrupt ends the pauses of every request, those of requests without a signal as well.
          sleep: (delayMs, signal) => clock.sleep(delayMs, AbortSignal.any([signal, interrupted])),
          random,
        },
      }),
  };
}

/** Runs a command that needs no API, and turns its errors into messages and exit codes. */
export async function withShell(
  flags: GlobalOptions,
  dependencies: CliDependencies,
  run: (shell: Shell) => Promise<ExitCode>,
): Promise<ExitCode> {
  const shell = makeShell(flags, dependencies);
  try {
    return await run(shell);
  } catch (error) {
    if (isInterruption(error, dependencies.interrupted)) return EXIT.interrupted;
    const known = toCliError(error);
    if (known === undefined) throw error;
    shell.reporter.error(known);
    return known.exitCode;
  } finally {
    shell.reporter.close();
  }
}

/** Runs a command with the API of the settings. */
export async function withSession(flags: GlobalOptions, dependencies: CliDependencies, run: Run): Promise<ExitCode> {
  return withShell(flags, dependencies, async (shell) => {
    const { env, cwd, stdin, stdout, stderr, fetch, clock, configFile, interrupted } = dependencies;
    const { reporter, isJson, isQuiet, hasBars, hasColor } = shell;
    const settings = await findSettings({ flags, env, cwd, configFile });
    const context: CommandContext = {
      client: shell.connect(settings),
      consoleUrl: settings.consoleUrl,
      reporter,
      stdout,
      stderr,
      nowMs: clock.nowMs,
      hasColor,
      wantsProgress: hasBars,
      previewFor: (choice) =>
        makePreview({ choice: isJson || isQuiet ? 'none' : choice, terminal: dependencies.terminal, env, stdout }),
      fetch,
      newIdempotencyKey: dependencies.newIdempotencyKey,
      cwd,
      readSource: makeReadSource(stdin),
      openFile: dependencies.openFile,
      sleep: clock.sleep,
      interrupted,
      claimSecondInterrupt: dependencies.claimSecondInterrupt,
    };
    return run(context, isJson);
  });
}
