import type { CreateJob, JobRecord } from '@afterimage/job-schemas';

/** Whole seconds; null when there is nothing to learn from. */
export interface Estimate {
  readonly startSeconds: number | null;
  readonly runSeconds: number | null;
}

type Input = JobRecord['input'] | CreateJob['input'];

/** Pixels times steps of all images: what the time of a diffusion grows with. 1 where an input does not tell them. */
function workOf(input: Input): number {
  if (!('prompt' in input) || input.width === undefined || input.height === undefined) return 1;
  return input.width * input.height * input.steps * input.images;
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function toSeconds(milliseconds: number | undefined): number | null {
  return milliseconds === undefined ? null : Math.ceil(milliseconds / 1000);
}

/**
 * How long a job may wait and run, by the medians of succeeded jobs of the same model and task: their wait as it was, their
 * inference in proportion to the work.
 */
export function estimate(input: Input, recent: readonly JobRecord[]): Estimate {
  const known = <T>(value: T | null): T[] => (value === null ? [] : [value]);
  const work = workOf(input);
  const runMs = recent.flatMap((job) =>
    known(job.timings.inferenceMs).map((ms) => (ms * work) / workOf(job.input) + (job.timings.uploadMs ?? 0)),
  );
  return {
    startSeconds: toSeconds(median(recent.flatMap((job) => known(job.timings.queuedMs)))),
    runSeconds: toSeconds(median(runMs)),
  };
}
