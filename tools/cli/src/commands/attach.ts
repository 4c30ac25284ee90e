import { join } from 'node:path';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { isInterruption } from '../interrupts.ts';
import { resumeCommand } from '../output/describe.ts';
import type { CommandContext, Handle } from './context.ts';
import { followEvents } from './follow-events.ts';

/**
 * Follows a job to its end and saves its images in `folder`, where there is one. After a Ctrl-C it leaves the job alone
 * and says how to come back.
 */
export async function attach(context: CommandContext, handle: Handle, folder: string | undefined): Promise<ExitCode> {
  const { reporter, interrupted: signal, wantsProgress } = context;
  // Who watches no progress is served by a few long polls.
  const hasStream = wantsProgress && !handle.isFinished;
  try {
    for await (const job of hasStream ? followEvents(context, handle) : handle.updates({ signal })) reporter.job(job);
    reporter.finished(handle.job);
    if (handle.job.status !== 'succeeded') return EXIT.failed;
    if (folder !== undefined) await saveOutputs(context, handle, folder);
    return EXIT.ok;
  } catch (error) {
    if (!isInterruption(error, signal)) throw error;
    reporter.detached(handle.id, resumeCommand(handle.id, folder));
    return EXIT.interrupted;
  }
}

async function saveOutputs(
  { reporter, interrupted: signal }: CommandContext,
  handle: Handle,
  folder: string,
): Promise<void> {
  for (const each of handle.outputs) {
    const path = join(folder, each.fileName);
    await inFolder(folder, () => each.toFile(path, { signal }));
    reporter.saved(handle.id, each.output, path);
  }
}

/** A full disk or a folder that may not be written is a message, not a stack. */
export async function inFolder<T>(folder: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new CliError(EXIT.failed, `cannot write to ${folder}: ${error.message}`, { cause: error });
  }
}
