import { EXIT, type ExitCode } from '../exit-codes.ts';
import { isInterruption } from '../interrupts.ts';
import { resumeCommand } from '../output/describe.ts';
import type { CommandContext } from './context.ts';

/**
 * `afterimage jobs cancel`. A running job is canceled when its worker says so; with `wait` the command lasts until then,
 * and fails when the job ended in another way before the cancel reached it.
 */
export async function cancel(
  { client, reporter, interrupted: signal }: CommandContext,
  id: string,
  options: { readonly wait?: true },
): Promise<ExitCode> {
  const handle = await client.jobs.cancel(id, { signal });
  if (options.wait !== true) {
    reporter.state(handle.job);
    return EXIT.ok;
  }
  try {
    for await (const job of handle.updates({ signal })) reporter.job(job);
    reporter.state(handle.job);
    return handle.job.status === 'canceled' ? EXIT.ok : EXIT.failed;
  } catch (error) {
    if (!isInterruption(error, signal)) throw error;
    reporter.detached(id, resumeCommand(id, undefined));
    return EXIT.interrupted;
  }
}
