import { toCliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { isInterruption } from '../interrupts.ts';
import { resumeCommand } from '../output/describe.ts';
import { attach, type SaveOptions } from './attach.ts';
import type { CommandContext, Handle } from './context.ts';
import { isInterruptedAgain } from './second-interrupt.ts';

interface Watched {
  readonly code: ExitCode;
  /** Of a job that was left before its end. */
  readonly leftId?: string;
}

/**
 * `afterimage jobs watch`: attaches to jobs. One that cannot be watched does not end the others; the worst end of all is
 * that of the command. A second Ctrl-C cancels the jobs that were left.
 */
export async function watch(context: CommandContext, ids: readonly string[], options: SaveOptions): Promise<ExitCode> {
  const again = context.claimSecondInterrupt();
  const watched = await Promise.all(ids.map((id) => watchOne(context, id, options)));
  const left = watched.flatMap(({ leftId }) => leftId ?? []);
  if (left.length > 0 && (await isInterruptedAgain(context, again))) {
    const canceled = await Promise.all(left.map((id) => context.client.jobs.cancel(id)));
    for (const { job } of canceled) context.reporter.state(job);
  }
  return watched.map(({ code }) => code).toSorted((a, b) => b - a)[0] ?? EXIT.ok;
}

async function watchOne(context: CommandContext, id: string, options: SaveOptions): Promise<Watched> {
  try {
    const handle = await find(context, id, options.output);
    const code = handle === undefined ? EXIT.interrupted : await attach(context, handle, options);
    return code === EXIT.interrupted ? { code, leftId: id } : { code };
  } catch (error) {
    const known = toCliError(error);
    if (known === undefined) throw error;
    context.reporter.error(known);
    return { code: known.exitCode };
  }
}

async function find(
  { client, reporter, interrupted: signal }: CommandContext,
  id: string,
  folder: string | undefined,
): Promise<Handle | undefined> {
  try {
    return await client.jobs.get(id, { signal });
  } catch (error) {
    if (!isInterruption(error, signal)) throw error;
    reporter.detached(id, resumeCommand(id, folder));
    return undefined;
  }
}
