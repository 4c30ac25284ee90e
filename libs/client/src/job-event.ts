import { UnexpectedReplyError } from './errors.ts';
import type { Job, JobOutput, JobPhase, JobProgress, JobStatus, Open } from './job.ts';
import { isObject } from './problem.ts';
import { isJob } from './read-reply.ts';

interface EventOf<Type extends string> {
  /** Resumes after this event. */
  readonly id: string;
  readonly type: Type;
  /** When it happened; for a snapshot and for progress, when the API looked. */
  readonly at: string;
}

/** All of the job, before anything else. */
export interface SnapshotEvent extends EventOf<'snapshot'> {
  readonly job: Job;
}

/** Another status or phase. */
export interface StatusEvent extends EventOf<'status'> {
  readonly status: Open<JobStatus>;
  readonly phase: Open<JobPhase> | null;
  readonly attempt: number;
  /** Why the attempt or the job ended, where the status does not say it. */
  readonly reason: string | null;
}

/** The latest progress, about once a second at most. */
export interface ProgressEvent extends EventOf<'progress'> {
  readonly progress: JobProgress;
}

/** An image is there. */
export interface OutputEvent extends EventOf<'output'> {
  readonly output: JobOutput;
}

/** The job has ended; no event follows. */
export interface EndEvent extends EventOf<'end'> {
  readonly job: Job;
}

/** Something that happened to a job. */
export type JobEvent = SnapshotEvent | StatusEvent | ProgressEvent | OutputEvent | EndEvent;

const IS_RIGHT: Readonly<Record<JobEvent['type'], (event: Readonly<Record<string, unknown>>) => boolean>> = {
  snapshot: ({ job }) => isJob(job),
  status: ({ status, attempt }) => typeof status === 'string' && typeof attempt === 'number',
  progress: ({ progress }) => isObject(progress),
  output: ({ output }) => isObject(output),
  end: ({ job }) => isJob(job),
};

function isKnownType(type: unknown): type is JobEvent['type'] {
  return typeof type === 'string' && Object.hasOwn(IS_RIGHT, type);
}

function isJobEvent(value: unknown): value is JobEvent {
  if (!isObject(value) || !isKnownType(value.type)) return false;
  return typeof value.id === 'string' && typeof value.at === 'string' && IS_RIGHT[value.type](value);
}

/**
 * Reads the data of an event.
 * @returns undefined for a type that this release does not know
 * @throws UnexpectedReplyError
 */
export function readJobEvent(type: string, data: string): JobEvent | undefined {
  if (!isKnownType(type)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch (cause) {
    throw new UnexpectedReplyError(`the data of the event ${type} is not JSON`, { cause });
  }
  if (isJobEvent(value) && value.type === type) return value;
  throw new UnexpectedReplyError(`the event ${type} is not what this version of the client understands`);
}
