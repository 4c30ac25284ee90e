import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { checkFiles } from '../batch/check-files.ts';
import { inParallel } from '../batch/in-parallel.ts';
import { parsePromptLines, type PromptLine } from '../batch/prompt-lines.ts';
import { makeRunLine } from '../batch/run-line.ts';
import { type LineState, openState, readLineStates, type RunState } from '../batch/state-file.ts';
import { makeTotals } from '../batch/totals.ts';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { isInterruption } from '../interrupts.ts';
import { shellQuote } from '../output/describe.ts';
import type { CommandContext } from './context.ts';
import { defaultModel } from './generate.ts';
import { isInterruptedAgain } from './second-interrupt.ts';

export interface BatchRunOptions {
  readonly concurrency: number;
  /** Default: beside the file with the lines. */
  readonly resume?: string;
  readonly output: string;
  readonly model?: string;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(EXIT.usage, `cannot read ${file}: ${reason}`, { cause });
  }
}

function resumeCommand(file: string, path: string, { concurrency, output }: BatchRunOptions): string {
  const flags = `--concurrency ${concurrency} --resume ${shellQuote(path)} -o ${shellQuote(output)}`;
  return `afterimage batch run ${shellQuote(file)} ${flags}`;
}

/** Cancels the jobs of the lines that have none of their ends yet. */
async function cancelOpen({ client }: CommandContext, lines: readonly PromptLine[], state: RunState): Promise<number> {
  const open = lines.flatMap(({ line }) => {
    const { jobId, end } = state.get(line);
    return jobId === undefined || end !== undefined ? [] : [jobId];
  });
  await Promise.all(open.map((jobId) => client.jobs.cancel(jobId)));
  return open.length;
}

/** The lines whose requests are still to be made. */
async function withoutJobs(lines: readonly PromptLine[], path: string): Promise<PromptLine[]> {
  const known = await readLineStates(path);
  return lines.filter(({ line }) => known[line]?.end === undefined && known[line]?.jobId === undefined);
}

/**
 * `afterimage batch run`: a job for each line of a file, each at most once over all runs with the same state. A run that
 * was cut off, in whatever way, is finished by the next one.
 */
export async function batchRun(context: CommandContext, file: string, options: BatchRunOptions): Promise<ExitCode> {
  const { reporter, interrupted, newIdempotencyKey } = context;
  const { concurrency, output: folder } = options;
  const again = context.claimSecondInterrupt();
  const path = options.resume ?? `${file}.state.json`;
  const text = await readText(file);
  const lines = parsePromptLines(text, file);
  const sourceFolder = resolve(context.cwd, dirname(file));
  await checkFiles(await withoutJobs(lines, path), file, sourceFolder);
  const state = await openState(path, {
    inputSha256: createHash('sha256').update(text).digest('hex'),
    newRunId: newIdempotencyKey,
    findModel: async () => {
      if (options.model !== undefined) return options.model;
      return lines.every(({ namesModel }) => namesModel) ? null : defaultModel(context);
    },
  });
  const resume = resumeCommand(file, path, options);
  const totals = makeTotals(
    lines.map(({ line }) => state.get(line).end),
    context.nowMs,
  );
  const show = () => reporter.total(totals.now());
  const stop = new AbortController();
  const runLine = makeRunLine({
    context,
    state,
    folder,
    sourceFolder,
    onJob: (line, job) => {
      totals.seen(line, job.status);
      show();
    },
    signal: AbortSignal.any([interrupted, stop.signal]),
  });

  async function work(line: PromptLine): Promise<void> {
    interrupted.throwIfAborted();
    const ended: LineState = await runLine(line);
    totals.ended(line.line, ended.end);
    show();
    reporter.line({ line: line.line, ...ended });
  }

  async function detach(): Promise<ExitCode> {
    reporter.left(resume);
    if (await isInterruptedAgain(context, again)) {
      const count = await cancelOpen(context, lines, state);
      reporter.notice(count === 1 ? '1 job is canceled' : `${count} jobs are canceled`);
    }
    return EXIT.interrupted;
  }

  show();
  try {
    const open = lines.filter(({ line }) => state.get(line).end === undefined);
    await inParallel(open, { limit: concurrency, onFailure: () => stop.abort() }, work);
  } catch (error) {
    if (isInterruption(error, interrupted)) return detach();
    reporter.notice(`to go on: ${resume}`);
    throw error;
  }
  const { total, succeeded } = totals.now();
  reporter.batchEnded(totals.now(), folder);
  return succeeded === total ? EXIT.ok : EXIT.failed;
}
