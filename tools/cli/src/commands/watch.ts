import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { JobReply } from '../api-client.ts';
import { resumeCommand } from '../output/describe.ts';
import { attach } from './attach.ts';
import type { CommandContext } from './context.ts';
import { isInterruption } from '../interrupts.ts';

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
    const reply = await firstReply(context, id, folder);
    return reply === undefined ? EXIT.interrupted : await attach(context, reply, folder);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    context.reporter.error(error);
    return error.exitCode;
  }
}

async function firstReply(
  { client, reporter, interrupted }: CommandContext,
  id: string,
  folder: string | undefined,
): Promise<JobReply | undefined> {
  try {
    return await client.getJob(id, interrupted);
  } catch (error) {
    if (!isInterruption(error, interrupted)) throw error;
    reporter.detached(id, resumeCommand(id, folder));
    return undefined;
  }
}
