import type { Job } from '@afterimage/client';

/** What the job is doing, in a few words: `queued`, `inferring, step 13/30, image 1/4, 9 s left`, `succeeded`. */
export function describeJob(job: Job): string {
  const { progress } = job;
  if (job.status !== 'running' || progress === null) return job.phase === null ? job.status : label(job.phase);
  const parts = [label(job.phase ?? job.status), `step ${progress.step}/${progress.steps}`];
  if (progress.images > 1) parts.push(`image ${progress.image}/${progress.images}`);
  if (progress.etaSeconds !== null) parts.push(`${Math.ceil(progress.etaSeconds)} s left`);
  return parts.join(', ');
}

function label(phase: string): string {
  return phase.replaceAll('_', ' ');
}

/** Between 0 and 1; a finished job is at its end whatever its last report of progress said. */
export function fractionOf(job: Job): number {
  return job.status === 'succeeded' ? 1 : (job.progress?.fraction ?? 0);
}

export function describeEnd(job: Job): string {
  return job.error === null
    ? `${job.id} ${job.status}`
    : `${job.id} ${job.status}: ${job.error.message} (${job.error.code})`;
}

/** An argument as a POSIX shell takes it. */
export function shellQuote(argument: string): string {
  return /^[\w./:=@%+-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}

/** The command that takes up the job again. */
export function resumeCommand(jobId: string, folder: string | undefined): string {
  const output = folder === undefined ? '' : ` -o ${shellQuote(folder)}`;
  return `afterimage jobs watch ${jobId}${output}`;
}
