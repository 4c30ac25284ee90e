import { join } from 'node:path';
import { ApiError, type CreateJobRequest, type Job } from '@afterimage/client';
import { inFolder } from '../commands/attach.ts';
import type { CommandContext, Handle } from '../commands/context.ts';
import { CliError, toCliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { valueAt, withValue } from '../request/fields.ts';
import { resolveReferences } from '../request/references.ts';
import { uploadFiles } from '../request/upload-files.ts';
import type { PromptLine } from './prompt-lines.ts';
import type { LineEnd, LineState, RunState } from './state-file.ts';

const ENDS: ReadonlyMap<string, LineEnd> = new Map([
  ['succeeded', 'succeeded'],
  ['failed', 'failed'],
  ['canceled', 'canceled'],
  ['expired', 'expired'],
]);

/** Digits of the number that file names begin with, so that they sort as the lines do. */
const NUMBER_WIDTH = 4;

export interface RunLineOptions {
  readonly context: Pick<CommandContext, 'client' | 'readSource'>;
  readonly state: RunState;
  /** Where the images go. */
  readonly folder: string;
  /** What names of files in lines are relative to. */
  readonly sourceFolder: string;
  /** Each state of a line's job. */
  readonly onJob: (line: number, job: Job) => void;
  /** Ends the uploads and the following of the job, never its creation: its id has to be kept. */
  readonly signal: AbortSignal;
}

/** Makes the job of a line unless there is one, follows it to its end, and saves its images. @throws what is not the line's fault */
export function makeRunLine({ context, state, folder, sourceFolder, onJob, signal }: RunLineOptions) {
  const { client, readSource: read } = context;

  /** With its files read and its images uploaded: the same request each time, as an upload's id is that of its bytes. */
  async function complete({ request }: PromptLine): Promise<CreateJobRequest> {
    const resolved = await resolveReferences(request, { folder: sourceFolder, read });
    const model = valueAt(resolved, ['model']) ?? state.model ?? '';
    return uploadFiles(client, withValue(resolved, ['model'], model), signal);
  }

  async function jobOf(prompt: PromptLine): Promise<Handle> {
    const { line } = prompt;
    const { jobId } = state.get(line);
    if (jobId !== undefined) return client.jobs.get(jobId, { signal });
    const request = await complete(prompt);
    signal.throwIfAborted();
    const handle = await client.jobs.create(request, { idempotencyKey: state.keyOf(line) });
    await state.set(line, { jobId: handle.id });
    return handle;
  }

  async function save(line: number, { outputs }: Handle): Promise<string[]> {
    const paths: string[] = [];
    for (const output of outputs) {
      const path = join(folder, `${String(line).padStart(NUMBER_WIDTH, '0')}-${output.fileName}`);
      await inFolder(folder, () => output.toFile(path, { signal }));
      paths.push(path);
    }
    return paths;
  }

  async function finish(line: number, handle: Handle): Promise<LineState> {
    const { id: jobId, job } = handle;
    const end = ENDS.get(job.status);
    if (end === 'succeeded') return { jobId, end, outputs: await save(line, handle) };
    return {
      jobId,
      ...(end === undefined ? {} : { end }),
      ...(job.error === null ? {} : { error: job.error.message }),
    };
  }

  /** A request that the API does not take, or a file that is no image, is the end of its line alone. */
  function refusalOf(line: number, error: unknown): LineState {
    if (error instanceof ApiError && error.code === 'idempotency-key-reused') {
      const advice = 'put them back to find that job, or start anew with another state';
      throw new CliError(EXIT.usage, `the files of line ${line} have changed since its job was submitted: ${advice}`);
    }
    const known = error instanceof ApiError || error instanceof CliError ? toCliError(error) : undefined;
    if (known?.exitCode !== EXIT.usage) throw error;
    return { ...state.get(line), end: 'refused', error: [known.message, ...known.lines].join('; ') };
  }

  return async function runLine(line: PromptLine): Promise<LineState> {
    let ended: LineState;
    try {
      const handle = await jobOf(line);
      for await (const job of handle.updates({ signal })) onJob(line.line, job);
      ended = await finish(line.line, handle);
    } catch (error) {
      ended = refusalOf(line.line, error);
    }
    await state.set(line.line, ended);
    return ended;
  };
}
