import type { Job } from '@afterimage/client';
import type { Totals } from '../batch/totals.ts';

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

/** `12/100 done, 20 running, 1 without images, about 3 min left`. */
export function describeTotals({ total, succeeded, failed, running, etaSeconds }: Totals): string {
  const done = succeeded + failed;
  return [
    `${done}/${total} done`,
    ...(running === 0 ? [] : [`${running} running`]),
    ...(failed === 0 ? [] : [`${failed} without images`]),
    ...(etaSeconds === null || done === total ? [] : [`about ${describeTime(etaSeconds)} left`]),
  ].join(', ');
}

function describeTime(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.round(seconds / 60)} min`;
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
