import type { Job, JobOutput } from '@afterimage/client';
import type { CliError } from '../errors.ts';

import { describeEnd, describeJob } from './describe.ts';
import type { ProgressBars } from './progress.ts';

/** What a command tells the user while it runs. */
export interface Reporter {
  /** A state of a job that is followed; the same one may come several times. */
  job(job: Job): void;
  /** The state of a job that is not followed any further. */
  state(job: Job, hint?: string): void;
  finished(job: Job): void;
  saved(jobId: string, output: JobOutput, path: string): void;
  erased(jobId: string): void;
  detached(jobId: string, resume: string): void;
  /** Something worth knowing that is no result: a retry, a hint. */
  notice(text: string): void;
  error(error: CliError): void;
  close(): void;
}

export interface TextSink {
  write(text: string): unknown;
}

/** One JSON object a line on stdout, for programs. Notices and errors for people are on stderr as well. */
export function makeJsonReporter(stdout: TextSink, stderr: TextSink): Reporter {
  const emit = (event: string, fields: object) => stdout.write(`${JSON.stringify({ event, ...fields })}\n`);
  const versions = new Map<string, number>();
  const status = (job: Job) => {
    if (versions.get(job.id) === job.version) return;
    versions.set(job.id, job.version);
    const { id: jobId, status, phase, version, progress, error } = job;
    emit('status', { jobId, status, phase, version, progress, error });
  };
  return {
    job: status,
    state: status,
    // The last status event says it.
    finished() {},
    saved(jobId, { index, bytes, sha256, seed }, path) {
      emit('output', { jobId, index, path, bytes, sha256, seed });
    },
    erased(jobId) {
      emit('erased', { jobId });
    },
    detached(jobId, resume) {
      emit('detached', { jobId, resume });
    },
    notice(text) {
      stderr.write(`${text}\n`);
    },
    error(error) {
      emit('error', { message: error.message, details: error.lines, exitCode: error.exitCode });
      stderr.write(`${formatError(error)}\n`);
    },
    close() {},
  };
}

/**
 * For people: bars (or a line per change where there is no terminal for them) on stderr, and the
 * results on stdout once the bars are done.
 */
export function makeTextReporter(stdout: TextSink, stderr: TextSink, bars: ProgressBars | undefined): Reporter {
  const versions = new Map<string, number>();
  const results: string[] = [];
  const hints: string[] = [];
  const say = (text: string): void => void (bars === undefined ? stderr.write(`${text}\n`) : bars.log(text));
  return {
    job(job) {
      if (bars !== undefined) return bars.show(job);
      if (versions.get(job.id) !== job.version) say(`${job.id} ${describeJob(job)}`);
      versions.set(job.id, job.version);
    },
    state(job, hint) {
      results.push(`${job.id} ${job.status}\n`);
      if (hint !== undefined) hints.push(`${hint}\n`);
    },
    finished(job) {
      if (job.error !== null) say(describeEnd(job));
    },
    saved(_jobId, _output, path) {
      results.push(`${path}\n`);
    },
    erased(jobId) {
      results.push(`${jobId} erased\n`);
    },
    detached(jobId, resume) {
      say(`detached from ${jobId}, which goes on. To come back:\n  ${resume}`);
    },
    notice: say,
    error(error) {
      say(formatError(error));
    },
    close() {
      bars?.stop();
      for (const line of results.splice(0)) stdout.write(line);
      for (const line of hints.splice(0)) stderr.write(line);
    },
  };
}

function formatError(error: CliError): string {
  return [`error: ${error.message}`, ...error.lines.map((line) => `  ${line}`)].join('\n');
}
