import { toCliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { isInterruption } from '../interrupts.ts';
import { resumeCommand } from '../output/describe.ts';
import { attach } from './attach.ts';
import type { CommandContext, Handle } from './context.ts';

/**
 * `afterimage jobs watch`: attaches to jobs. One that cannot be watched does not end the others; the worst end of all is
 * that of the command.
 */
export async function watch(
  context: CommandContext,
  ids: readonly string[],
  folder: string | undefined,
): Promise<ExitCode> {
  const codes = await Promise.all(ids.map((id) => watchOne(context, id, folder)));
  return codes.toSorted((a, b) => b - a)[0] ?? EXIT.ok;
}

async function watchOne(context: CommandContext, id: string, folder: string | undefined): Promise<ExitCode> {
  try {
    const handle = await find(context, id, folder);
    return handle === undefined ? EXIT.interrupted : await attach(context, handle, folder);
  } catch (error) {
    const known = toCliError(error);
    if (known === undefined) throw error;
    context.reporter.error(known);
    return known.exitCode;
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
