import * as z from 'zod';
import { EXIT, type ExitCode } from './exit-codes.ts';

/** An error that ends the command with a message for people and an exit code for scripts. */
export class CliError extends Error {
  override readonly name: string = 'CliError';
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

/** No reply came, after every retry. */
export class UnreachableError extends CliError {
  override readonly name = 'UnreachableError';

  constructor(url: string, cause: unknown) {
    super(EXIT.unreachable, `cannot reach ${new URL(url).origin}: ${reasonOf(cause)}`, { cause });
  }
}

/** fetch hides the reason (`ECONNREFUSED`, …) in the cause of its "fetch failed". */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no reply in time';
  const { cause } = error;
  if (cause instanceof AggregateError) return reasonOf(cause.errors[0]);
  return cause instanceof Error ? cause.message : error.message;
}

/** A problem document as a client reads it: codes that this release does not know are fine. */
const readProblemSchema = z.object({
  title: z.string(),
  code: z.string(),
  detail: z.string(),
  requestId: z.string().optional(),
  jobId: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() })).optional(),
});
export type ReadProblem = z.infer<typeof readProblemSchema>;

/** The API answered with an error. `problem` is undefined when something before the API did. */
export class ApiProblemError extends CliError {
  override readonly name = 'ApiProblemError';
  readonly status: number;
  readonly problem: ReadProblem | undefined;

  constructor(status: number, body: string) {
    const problem = parseProblem(body);
    super(exitCodeOf(status), messageOf(status, problem), { lines: linesOf(problem) });
    this.status = status;
    this.problem = problem;
  }
}

function parseProblem(body: string): ReadProblem | undefined {
  try {
    return readProblemSchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

function exitCodeOf(status: number): ExitCode {
  return status === 401 || status === 403 || status === 429 || status >= 500 ? EXIT.unreachable : EXIT.usage;
}

function messageOf(status: number, problem: ReadProblem | undefined): string {
  if (problem === undefined) return `the server answered ${status} without a problem document`;
  return `${problem.title} (${problem.code}, ${status}): ${problem.detail}`;
}

function linesOf(problem: ReadProblem | undefined): string[] {
  if (problem === undefined) return [];
  return [
    ...(problem.errors ?? []).map((each) => `${each.pointer}: ${each.detail}`),
    ...(problem.jobId === undefined ? [] : [`job ${problem.jobId}`]),
    ...(problem.requestId === undefined ? [] : [`request ${problem.requestId}`]),
  ];
}
