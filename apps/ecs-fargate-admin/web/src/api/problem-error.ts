import { type Problem, problemSchema } from '@afterimage/job-schemas';

/** The admin API refused or failed; the message is fit to be shown. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem | undefined;
  /** Null when there was no answer at all. */
  readonly status: number | null;

  constructor(message: string, options: { problem?: Problem; status: number | null; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.problem = options.problem;
    this.status = options.status;
  }
}

function sentence({ title, detail, errors = [] }: Problem): string {
  const fields = errors.map((error) => `${error.pointer.replace(/^#\//, '')} ${error.detail}`);
  return [`${title}: ${detail}`, ...fields].join('; ');
}

/** What an answer other than 2xx says. */
export async function toProblemError(response: Response): Promise<ProblemError> {
  const { status } = response;
  const body: unknown = await response.json().catch(() => undefined);
  const problem = problemSchema.safeParse(body).data;
  if (problem !== undefined) return new ProblemError(sentence(problem), { problem, status });
  return new ProblemError(`The console's server answered ${status}.`, { status });
}
