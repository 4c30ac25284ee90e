import * as z from 'zod';
import type { CreateJobRequest } from '@afterimage/client';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';

const TEXT_TO_IMAGE = 'text-to-image';

const shapeSchema = z.looseObject({ task: z.string(), input: z.looseObject({}), model: z.string().optional() });
/** Only what makes it a request at all: the API checks the rest, and its answer names field and limit. */
const requestSchema = z.custom<CreateJobRequest>((value) => shapeSchema.safeParse(value).success);

/** A prompt, the fields of an input with a prompt, or a request as the API takes it. */
const lineSchema = z.union([
  z.string().transform((prompt) => ({ task: TEXT_TO_IMAGE, input: { prompt } })),
  z.looseObject({ prompt: z.string() }).transform((input) => ({ task: TEXT_TO_IMAGE, input })),
  z.looseObject({ task: z.string().default(TEXT_TO_IMAGE) }),
]);

export interface PromptLine {
  /** From 1, as editors count. */
  readonly line: number;
  readonly namesModel: boolean;
  /** @param model for a line that names none */
  readonly toRequest: (model: string) => CreateJobRequest;
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
  const { data } = lineSchema.pipe(shapeSchema).safeParse(value);
  if (data === undefined) throw refuse('has neither "input" nor "prompt"');
  return { line, namesModel: data.model !== undefined, toRequest: (model) => requestSchema.parse({ model, ...data }) };
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
