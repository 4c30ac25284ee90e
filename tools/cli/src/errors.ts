import {
  AfterimageError,
  ApiError,
  ConnectionError,
  IntegrityError,
  type Problem,
  TimeoutError,
  UnexpectedReplyError,
} from '@afterimage/client';
import { EXIT, type ExitCode } from './exit-codes.ts';

/** An error that ends the command with a message for people and an exit code for scripts. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;
  /** More lines for people, without an indent. */
  readonly lines: readonly string[];

  constructor(
    exitCode: ExitCode,
    message: string,
    options: { readonly lines?: readonly string[]; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.exitCode = exitCode;
    this.lines = options.lines ?? [];
  }
}

/** The error of the command that an error of the client is; undefined for every other error, which is a defect. */
export function toCliError(error: unknown): CliError | undefined {
  if (error instanceof CliError) return error;
  if (!(error instanceof AfterimageError)) return undefined;
  return new CliError(exitCodeOf(error), error.message, { lines: linesOf(error), cause: error });
}

function exitCodeOf(error: AfterimageError): ExitCode {
  if (error instanceof ApiError) {
    const { status } = error;
    return status === 401 || status === 403 || status === 429 || status >= 500 ? EXIT.unreachable : EXIT.usage;
  }
  if (error instanceof IntegrityError) return EXIT.failed;
  const isAway =
    error instanceof ConnectionError || error instanceof TimeoutError || error instanceof UnexpectedReplyError;
  return isAway ? EXIT.unreachable : EXIT.usage;
}

/** What to do about it, where the error alone does not say. */
function hintsOf({ code }: AfterimageError): readonly string[] {
  switch (code) {
    case 'unauthenticated':
      return ['store another key with "afterimage login", or set AFTERIMAGE_API_KEY'];
    case 'output-expired':
      return ['"afterimage jobs retry" makes the images again, with the same seed'];
    case 'connection-failed':
      return ['is the local stack running, or the address right? "afterimage doctor" looks into it'];
    default:
      return [];
  }
}

function linesOf(error: AfterimageError): readonly string[] {
  const hints = hintsOf(error);
  if (error instanceof ApiError)
    return [...(error.problem === undefined ? [] : linesOfProblem(error.problem)), ...hints];
  if (hints.length > 0) return hints;
  return error instanceof UnexpectedReplyError ? error.issues : [];
}

function linesOfProblem({ errors = [], jobId, requestId }: Problem): string[] {
  return [
    ...errors.map((each) => `${each.pointer}: ${each.detail}`),
    ...(jobId === undefined ? [] : [`job ${jobId}`]),
    ...(requestId === undefined ? [] : [`request ${requestId}`]),
  ];
}
