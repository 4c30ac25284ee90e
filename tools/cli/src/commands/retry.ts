import type { Priority } from '@afterimage/job-schemas';
import type { ExitCode } from '../exit-codes.ts';
import type { CommandContext } from './context.ts';
import { submit, type SubmitOptions } from './submit.ts';

export interface RetryOptions extends SubmitOptions {
  readonly seed?: number;
  readonly priority?: Priority;
}

/** `afterimage jobs retry`: a new job that repeats one which has ended. */
export async function retry(context: CommandContext, id: string, options: RetryOptions): Promise<ExitCode> {
  const { seed, priority } = options;
  const changes = { input: { seed }, policy: { priority } };
  return submit(context, options, (idempotencyKey) => context.client.jobs.retry(id, changes, { idempotencyKey }));
}
