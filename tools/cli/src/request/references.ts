import { idPattern } from '@afterimage/job-schemas';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { type FieldPath, type Fields, isFields, valueAt, withValue } from './fields.ts';
import { parseYaml } from './request-file.ts';
import type { ReadSource } from './sources.ts';

/** An image on this machine, which has to be uploaded before the request can name it. */
export interface ImageFile {
  readonly name: string;
  readonly bytes: Buffer;
}

const TEXTS: readonly FieldPath[] = [
  ['input', 'prompt'],
  ['input', 'negativePrompt'],
];
const WORKFLOW: FieldPath = ['input', 'workflow'];
const UPLOAD_ID = idPattern('upl');

/** No file and no option can write a Buffer into a request. */
export function isImageFile(value: unknown): value is ImageFile {
  return isFields(value) && typeof value.name === 'string' && Buffer.isBuffer(value.bytes);
}

/** The images of a request by where they are: one, its mask, or those of a workflow by their names. */
export function imagePaths(request: Fields): FieldPath[] {
  const named = valueAt(request, ['input', 'images']);
  const names = isFields(named) ? Object.keys(named) : [];
  return [['input', 'image'], ['input', 'mask'], ...names.map((name) => ['input', 'images', name])];
}

/** `@name` is a file; `@@…` is a text that begins with an at sign. */
function fileName(text: string): string | undefined {
  return /^@[^@]/.test(text) ? text.slice(1) : undefined;
}

/** The files that the request names: what has to be there when it is sent. */
export function fileNames(request: Fields): string[] {
  const values = [...TEXTS, WORKFLOW, ...imagePaths(request)].map((path) => valueAt(request, path));
  return values.flatMap((value) => (typeof value === 'string' ? (fileName(value) ?? []) : []));
}

function toImageRef(text: string, path: FieldPath): Fields {
  if (UPLOAD_ID.test(text)) return { uploadId: text };
  if (text.startsWith('job_')) return { jobOutput: text };
  if (/^https?:\/\//.test(text)) return { url: text };
  throw new CliError(EXIT.usage, `${path.join('.')}: "${text}" is not an image`, {
    lines: ['an image is @FILE, an https URL, the id of an upload, or an output of a job like job_…/0'],
  });
}

export interface ResolveOptions {
  /** What the names of files are relative to. */
  readonly folder: string;
  readonly read: ReadSource;
  /** Whether a value is still as it was given: a text that came out of a file must not be taken for a name. */
  readonly isGiven?: (path: FieldPath) => boolean;
}

/** Reads the files that a request names with `@`; images among them become {@link ImageFile}s. @throws CliError */
export async function resolveReferences(given: Fields, options: ResolveOptions): Promise<Fields> {
  const { folder, read, isGiven = () => true } = options;

  async function readText(name: string): Promise<string> {
    return (await read(name, folder)).toString('utf8');
  }

  async function resolveText(text: string): Promise<string> {
    const name = fileName(text);
    if (name === undefined) return text.startsWith('@@') ? text.slice(1) : text;
    // The line break at the end of a file is not part of the text.
    return (await readText(name)).replace(/\r?\n$/, '');
  }

  async function resolveWorkflow(text: string): Promise<unknown> {
    const name = fileName(text);
    return name === undefined ? text : parseYaml(await readText(name), name);
  }

  async function resolveImage(text: string, path: FieldPath): Promise<unknown> {
    const name = fileName(text);
    return name === undefined ? toImageRef(text, path) : { name, bytes: await read(name, folder) };
  }

  let request = given;
  const resolveAt = async (path: FieldPath, resolve: (text: string, path: FieldPath) => Promise<unknown>) => {
    const value = valueAt(request, path);
    if (typeof value === 'string' && isGiven(path)) request = withValue(request, path, await resolve(value, path));
  };
  for (const path of TEXTS) await resolveAt(path, resolveText);
  await resolveAt(WORKFLOW, resolveWorkflow);
  for (const path of imagePaths(request)) await resolveAt(path, resolveImage);
  return request;
}
