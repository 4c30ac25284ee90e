import { join } from 'node:path';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { isInterruption } from '../interrupts.ts';
import { resumeCommand } from '../output/describe.ts';
import type { PreviewChoice } from '../preview/protocol.ts';
import type { CommandContext, Handle } from './context.ts';
import { followEvents } from './follow-events.ts';

/** What becomes of the images of a job. */
export interface SaveOptions {
  /** Without one they are not saved. */
  readonly output?: string;
  readonly preview: PreviewChoice;
}

/**
 * Follows a job to its end and saves its images, where there is a folder for them. After a Ctrl-C it leaves the job alone
 * and says how to come back.
 */
export async function attach(context: CommandContext, handle: Handle, options: SaveOptions): Promise<ExitCode> {
  const { reporter, interrupted: signal, wantsProgress } = context;
  // Who watches no progress is served by a few long polls.
  const hasStream = wantsProgress && !handle.isFinished;
  try {
    for await (const job of hasStream ? followEvents(context, handle) : handle.updates({ signal })) reporter.job(job);
    reporter.finished(handle.job);
    if (handle.job.status !== 'succeeded') return EXIT.failed;
    if (options.output !== undefined) await saveOutputs(context, handle, options.output, options.preview);
    return EXIT.ok;
  } catch (error) {
    if (!isInterruption(error, signal)) throw error;
    reporter.detached(handle.id, resumeCommand(handle.id, options.output));
    return EXIT.interrupted;
  }
}

async function saveOutputs(
  context: CommandContext,
  handle: Handle,
  folder: string,
  choice: PreviewChoice,
): Promise<void> {
  const { reporter, interrupted: signal } = context;
  const preview = context.previewFor(choice);
  for (const each of handle.outputs) {
    const path = join(folder, each.fileName);
    await inFolder(folder, () => each.toFile(path, { signal }));
    try {
      const picture = await preview(path, handle.outputs.length);
      if (picture !== undefined) reporter.picture(picture);
    } catch (error) {
      // The image is there all the same.
      reporter.notice(`${path} cannot be shown: ${error instanceof Error ? error.message : String(error)}`);
    }
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
