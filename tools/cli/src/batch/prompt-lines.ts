import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { guessTask } from '../request/build-request.ts';
import { type Fields, isFields, valueAt, withValue } from '../request/fields.ts';
import { fileNames } from '../request/references.ts';
import { inSections } from '../request/request-file.ts';

export interface PromptLine {
  /** From 1, as editors count. */
  readonly line: number;
  readonly namesModel: boolean;
  /** Texts and images may still be names of files, and the model may be missing. */
  readonly request: Fields;
  /** Of those files. */
  readonly files: readonly string[];
}

/** A request as the API takes it, or its fields without their sections; undefined for what is none. */
function toRequest(value: unknown): Fields | undefined {
  if (typeof value === 'string') return toRequest({ prompt: value });
  if (!isFields(value)) return undefined;
  const request = inSections(value);
  const input = valueAt(request, ['input']);
  const isSomething = ['prompt', 'image', 'workflow'].some((name) => valueAt(input, [name]) !== undefined);
  if (!isSomething) return undefined;
  return withValue(request, ['task'], valueAt(request, ['task']) ?? guessTask(request));
}

function parseLine(text: string, line: number, file: string): PromptLine {
  const refuse = (reason: string, cause?: unknown) =>
    new CliError(EXIT.usage, `${file}, line ${line}: ${reason}`, {
      lines: ['a line is a prompt in quotes, {"prompt": …}, or a request for a job, as JSON'],
      cause,
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw refuse('is not JSON', cause);
  }
  let request: Fields | undefined;
  try {
    request = toRequest(value);
  } catch (cause) {
    throw cause instanceof CliError ? refuse(cause.message, cause) : cause;
  }
  if (request === undefined) throw refuse('has no "prompt", "image" or "workflow"');
  const files = fileNames(request);
  if (files.includes('-')) throw refuse('cannot read standard input: it is gone when the run goes on');
  return { line, namesModel: valueAt(request, ['model']) !== undefined, request, files };
}

/** The lines of a JSONL file; empty ones are left out. @throws CliError that names the line */
export function parsePromptLines(text: string, file: string): PromptLine[] {
  const lines = text
    .split('\n')
    .map((each, index) => ({ text: each.trim(), line: index + 1 }))
    .filter((each) => each.text !== '');
  if (lines.length === 0) throw new CliError(EXIT.usage, `${file} has no lines`);
  return lines.map((each) => parseLine(each.text, each.line, file));
}
