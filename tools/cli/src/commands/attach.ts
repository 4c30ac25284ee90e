import type { JobReply } from '../api-client.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { followJob } from '../follow-job.ts';
import type { JobView } from '../job-view.ts';
import { resumeCommand } from '../output/describe.ts';
import type { CommandContext } from './context.ts';
import { isInterruption } from '../interrupts.ts';

/**
 * Follows a job to its end and saves its images in `folder`, where there is one. After a Ctrl-C it leaves the job alone
 * and says how to come back.
 */
export async function attach(context: CommandContext, first: JobReply, folder: string | undefined): Promise<ExitCode> {
  const { client, clock, reporter, interrupted, wantsProgress } = context;
  try {
    const options = { client, clock, wantsProgress, onJob: reporter.job };
    const job = await followJob(options, first, interrupted);
    reporter.finished(job);
    if (job.status !== 'succeeded') return EXIT.failed;
    if (folder !== undefined) await saveOutputs(context, job, folder);
    return EXIT.ok;
  } catch (error) {
    if (!isInterruption(error, interrupted)) throw error;
    reporter.detached(first.job.id, resumeCommand(first.job.id, folder));
    return EXIT.interrupted;
  }
}

async function saveOutputs(
  { download, reporter, interrupted }: CommandContext,
  job: JobView,
  folder: string,
): Promise<void> {
  for (const output of job.outputs) {
    const path = await download(job, output, folder, interrupted);
    reporter.saved(job, output, path);
  }
}
