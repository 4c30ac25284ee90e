import { toCliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { isInterruption } from '../interrupts.ts';
import type { CommandContext } from './context.ts';

/** `afterimage jobs rm`: erases jobs. One that cannot be does not keep the others. */
export async function remove(context: CommandContext, ids: readonly string[]): Promise<ExitCode> {
  const { client, reporter, interrupted: signal } = context;
  let worst: ExitCode = EXIT.ok;
  for (const id of ids) {
    try {
      await client.jobs.delete(id, { signal });
      reporter.erased(id);
    } catch (error) {
      const known = toCliError(error);
      if (known === undefined || isInterruption(error, signal)) throw error;
      reporter.error(known);
      if (known.exitCode > worst) worst = known.exitCode;
    }
  }
  return worst;
}
