import { dirname, resolve } from 'node:path';
import { createJobSchema, knownKeysOf, type Task, toFieldErrors } from '@afterimage/job-schemas';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { type FieldPath, type Fields, valueAt, withValue } from './fields.ts';
import { type Pair, parsePair, type Setting, withPairs, withSettings } from './pairs.ts';
import { imagePaths, isImageFile, resolveReferences } from './references.ts';
import { parseRequestFile } from './request-file.ts';
import type { ReadSource } from './sources.ts';

/** What a request is put together from; the later wins over the earlier. */
export interface RequestParts {
  /** YAML or JSON; `-` is standard input. */
  readonly file: string | undefined;
  /** `key=value` pairs, and a prompt at most; a prompt of `-` is read from standard input. */
  readonly words: readonly string[];
  /** Of the options of the command. */
  readonly settings: readonly Setting[];
}

const PROMPT = ['input', 'prompt'];
const TASK = ['task'];

function parseWords(words: readonly string[]): { pairs: readonly Pair[]; prompt: string | undefined } {
  const pairs = words.map((word) => parsePair(word));
  const prompts = words.filter((_, index) => pairs[index] === undefined);
  if (prompts.length > 1) {
    throw new CliError(EXIT.usage, `${prompts.length} prompts are given: put one prompt in quotes`);
  }
  return { pairs: pairs.filter((pair) => pair !== undefined), prompt: prompts[0] };
}

/** The task that a request without one asks for, by what its input has. */
export function guessTask(request: Fields): Task {
  const has = (name: string) => valueAt(request, ['input', name]) !== undefined;
  if (has('workflow')) return 'workflow';
  if (!has('image')) return 'text-to-image';
  return has('prompt') ? 'image-to-image' : 'upscale';
}

/** Ranges and types are the API's business; a misspelt field is told before anything is uploaded. */
function checkFields(request: Fields): void {
  const body = imagePaths(request)
    .filter((path) => isImageFile(valueAt(request, path)))
    .reduce<Fields>((fields, path) => withValue(fields, path, { uploadId: '' }), { model: '', ...request });
  const { error } = createJobSchema.safeParse(body);
  const errors = error === undefined ? [] : toFieldErrors(error, body, knownKeysOf(createJobSchema));
  const unknown = errors.filter(({ code }) => code === 'unknown_field');
  if (unknown.length === 0) return;
  const lines = unknown.map(({ pointer, detail }) => `${pointer}: ${detail}`);
  throw new CliError(EXIT.usage, 'the request has fields that the API does not take', { lines });
}

async function readRequestFile(file: string, folder: string, read: ReadSource): Promise<Fields> {
  const isStdin = file === '-';
  const text = (await read(file, folder)).toString('utf8');
  const request = parseRequestFile(text, isStdin ? 'standard input' : file);
  return resolveReferences(request, { folder: isStdin ? folder : resolve(folder, dirname(file)), read });
}

/**
 * Puts a request together: options over pairs and the prompt, those over the file. Images that are files are still to be
 * uploaded, and the model may be missing.
 * @param folder what the names of files are relative to; inside a request file it is the folder of that file
 * @throws CliError that names the field, the file or the argument
 */
export async function buildRequest(parts: RequestParts, folder: string, read: ReadSource): Promise<Fields> {
  const { pairs, prompt } = parseWords(parts.words);
  const fromFile = parts.file === undefined ? {} : await readRequestFile(parts.file, folder, read);
  const prompted = prompt === undefined ? [] : [{ path: PROMPT, value: prompt === '-' ? '@-' : prompt }];
  const settings: readonly Setting[] = [...prompted, ...parts.settings];
  // What a pair's value is depends on the task.
  const untasked = withPairs(fromFile, pairs);
  const task = valueAt(untasked, TASK) ?? guessTask(withSettings(untasked, settings));
  const given = withSettings(withPairs(withValue(fromFile, TASK, task), pairs), settings);
  const changed = [...pairs, ...settings].map(({ path }) => path);
  const isGiven = (path: FieldPath) => changed.some((each) => each.every((part, index) => part === path[index]));
  const request = await resolveReferences(given, { folder, read, isGiven });
  checkFields(request);
  return request;
}
