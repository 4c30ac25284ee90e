import { open, readFile, rename } from 'node:fs/promises';
import * as z from 'zod';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';

/** How a line ended; `refused`: the API does not take its request. */
const endSchema = z.enum(['succeeded', 'failed', 'canceled', 'expired', 'refused']);
export type LineEnd = z.infer<typeof endSchema>;

/** What is known of a line. It is done once it has an end; a success, once its images are saved. */
const lineStateSchema = z.object({
  jobId: z.string().optional(),
  end: endSchema.optional(),
  error: z.string().optional(),
  outputs: z.array(z.string()).optional(),
});
export type LineState = z.infer<typeof lineStateSchema>;

const stateSchema = z.object({
  version: z.literal(1),
  /** The keys of the jobs are made of it. */
  runId: z.string().regex(/^[\x21-\x7e]{1,200}$/),
  /** Of the file with the lines, in hex: of another file, the keys would stand for other jobs. */
  inputSha256: z.string(),
  /** Of lines that name none; null when each does. */
  model: z.string().nullable(),
  lines: z.record(z.string(), lineStateSchema),
});
type State = z.infer<typeof stateSchema>;

export interface RunState {
  readonly model: string | null;
  /** The idempotency key of a line's job: the same in every run that goes on with this one. */
  keyOf(line: number): string;
  get(line: number): LineState;
  /** Resolves when it is on the disk. */
  set(line: number, state: LineState): Promise<void>;
}

/** A whole new file takes the place of the old one: a crash leaves one or the other. */
async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

async function readState(path: string): Promise<State | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new CliError(EXIT.usage, `cannot read ${path}`, { cause });
  }
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new CliError(EXIT.usage, `${path} is not the state of a batch run`, { cause });
  }
}

/** What earlier runs left of their lines, by their numbers. @throws CliError when the file is no state */
export async function readLineStates(path: string): Promise<Readonly<Record<string, LineState>>> {
  return (await readState(path))?.lines ?? {};
}

/** Writes one after the other; states that come meanwhile go into the next write together. */
function makeSaver(path: string, state: State): () => Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  let next: Promise<void> | undefined;

  async function writeAfter(previous: Promise<unknown>): Promise<void> {
    await previous;
    next = undefined;
    try {
      await writeWhole(path, JSON.stringify(state, null, 1));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new CliError(EXIT.failed, `cannot write ${path}: ${reason}`, { cause });
    }
  }

  return function save() {
    if (next === undefined) {
      next = writeAfter(last);
      last = Promise.allSettled([next]);
    }
    return next;
  };
}

export interface OpenStateOptions {
  readonly inputSha256: string;
  readonly newRunId: () => string;
  /** Asked for when a new run has lines that name no model. */
  readonly findModel: () => Promise<string | null>;
}

/**
 * The state of a run: what is in the file, or a new one. It is on the disk before anything can be sent under its keys.
 * @throws CliError when the file is none, or of another list of lines
 */
export async function openState(path: string, options: OpenStateOptions): Promise<RunState> {
  const { inputSha256, newRunId, findModel } = options;
  const found = await readState(path);
  if (found !== undefined && found.inputSha256 !== inputSha256) {
    throw new CliError(EXIT.usage, `${path} belongs to other lines: the file has changed since that run began`, {
      lines: ['give another file to --resume to begin anew'],
    });
  }
  const state = found ?? { version: 1, runId: newRunId(), inputSha256, model: await findModel(), lines: {} };
  const save = makeSaver(path, state);
  if (found === undefined) await save();
  return {
    model: state.model,
    keyOf: (line) => `${state.runId}:${line}`,
    get: (line) => state.lines[line] ?? {},
    async set(line, lineState) {
      state.lines[line] = lineState;
      await save();
    },
  };
}
