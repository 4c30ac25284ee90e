import type { Job, JobOutput } from '@afterimage/client';
import type { LineState } from '../batch/state-file.ts';
import type { Totals } from '../batch/totals.ts';
import type { CliError } from '../errors.ts';
import { CANCEL_WINDOW_SECONDS } from '../interrupts.ts';
import { describeEnd, describeJob, describeTotals } from './describe.ts';
import type { ProgressBars } from './progress.ts';

/** What a command tells the user while it runs. */
export interface Reporter {
  /** A state of a job that is followed; the same one may come several times. */
  job(job: Job): void;
  /** The state of a job that is not followed any further. */
  state(job: Job, hint?: string): void;
  finished(job: Job): void;
  /** A picture as a terminal shows it. */
  picture(text: string): void;
  saved(jobId: string, output: JobOutput, path: string): void;
  erased(jobId: string): void;
  /** Something is shown outside of the terminal. */
  opened(target: string): void;
  detached(jobId: string, resume: string): void;
  /** How far a run over the lines of a file is. */
  total(totals: Totals): void;
  /** A line has ended; of quiet runs people see only what went wrong. */
  line(line: LineState & { readonly line: number }): void;
  batchEnded(totals: Totals, folder: string): void;
  /** A run is left, and its jobs go on unless the user says otherwise. */
  left(resume: string): void;
  /** Something worth knowing that is no result: a retry, a hint. */
  notice(text: string): void;
  error(error: CliError): void;
  close(): void;
}

export interface TextSink {
  write(text: string): unknown;
}

/** One JSON object a line on stdout, for programs. Notices and errors for people are on stderr as well. */
export function makeJsonReporter(stdout: TextSink, stderr: TextSink, isQuiet: boolean): Reporter {
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
    // Programs have the file.
    picture() {},
    saved(jobId, { index, bytes, sha256, seed }, path) {
      emit('output', { jobId, index, path, bytes, sha256, seed });
    },
    erased(jobId) {
      emit('erased', { jobId });
    },
    opened(target) {
      emit('opened', { target });
    },
    detached(jobId, resume) {
      emit('detached', { jobId, resume });
    },
    // Each line says how it ended.
    total() {},
    line({ line, jobId = null, end = null, error = null, outputs = [] }) {
      emit('line', { line, jobId, status: end, outputs, error });
    },
    batchEnded({ total, succeeded, failed }) {
      emit('summary', { total, succeeded, failed });
    },
    left(resume) {
      emit('detached', { jobId: null, resume });
    },
    notice(text) {
      if (!isQuiet) stderr.write(`${text}\n`);
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
export function makeTextReporter(options: {
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly bars: ProgressBars | undefined;
  /** Only results, and what goes wrong. */
  readonly isQuiet: boolean;
}): Reporter {
  const { stdout, stderr, bars, isQuiet } = options;
  const versions = new Map<string, number>();
  const results: string[] = [];
  const hints: string[] = [];
  const say = (text: string): void => void (bars === undefined ? stderr.write(`${text}\n`) : bars.log(text));
  return {
    job(job) {
      if (bars !== undefined) return bars.show(job);
      if (!isQuiet && versions.get(job.id) !== job.version) say(`${job.id} ${describeJob(job)}`);
      versions.set(job.id, job.version);
    },
    state(job, hint) {
      results.push(`${job.id} ${job.status}\n`);
      if (hint !== undefined && !isQuiet) hints.push(`${hint}\n`);
    },
    finished(job) {
      if (job.error !== null) say(describeEnd(job));
    },
    picture(text) {
      results.push(text);
    },
    saved(_jobId, _output, path) {
      results.push(`${path}\n`);
    },
    erased(jobId) {
      results.push(`${jobId} erased\n`);
    },
    opened(target) {
      results.push(`${target}\n`);
    },
    detached(jobId, resume) {
      say(
        `detached from ${jobId}, which goes on. Ctrl-C within ${CANCEL_WINDOW_SECONDS} s cancels it. To come back:\n  ${resume}`,
      );
    },
    total(totals) {
      bars?.showTotal(totals);
    },
    line({ line, end, error }) {
      if (end !== 'succeeded') say(`line ${line} ${end ?? 'has no end'}${error === undefined ? '' : `: ${error}`}`);
      else if (bars === undefined && !isQuiet) say(`line ${line} ${end}`);
    },
    batchEnded(totals, folder) {
      results.push(`${describeTotals(totals)}; images in ${folder}\n`);
    },
    left(resume) {
      say(
        `detached; the jobs that run go on. Ctrl-C within ${CANCEL_WINDOW_SECONDS} s cancels them. To come back:\n  ${resume}`,
      );
    },
    notice(text) {
      if (!isQuiet) say(text);
    },
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
