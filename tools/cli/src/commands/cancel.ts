import { EXIT, type ExitCode } from '../exit-codes.ts';
import { followJob } from '../follow-job.ts';
import { resumeCommand } from '../output/describe.ts';
import type { CommandContext } from './context.ts';
import { isInterruption } from '../interrupts.ts';

/**
 * `afterimage jobs cancel`. A running job is canceled when its worker says so; with `wait` the command lasts until then,
 * and fails when the job ended in another way before the cancel reached it.
 */
export async function cancel(
  context: CommandContext,
  id: string,
  options: { readonly wait: boolean },
): Promise<ExitCode> {
  const { client, clock, reporter, interrupted } = context;
  const job = await client.cancelJob(id, interrupted);
  if (!options.wait) {
    reporter.state(job);
    return EXIT.ok;
  }
  try {
    const first = { job, etag: null, hasWaited: false, retryAfterMs: undefined };
    const last = await followJob({ client, clock, wantsProgress: false, onJob: reporter.job }, first, interrupted);
    reporter.state(last);
    return last.status === 'canceled' ? EXIT.ok : EXIT.failed;
  } catch (error) {
    if (!isInterruption(error, interrupted)) throw error;
    reporter.detached(id, resumeCommand(id, undefined));
    return EXIT.interrupted;
  }
}
