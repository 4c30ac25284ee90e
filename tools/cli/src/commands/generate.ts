import type { CreateJobRequest } from '@afterimage/client';
import type { OutputFormat, Priority, Sampler } from '@afterimage/job-schemas';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { buildRequest } from '../request/build-request.ts';
import { toPath, valueAt, withValue } from '../request/fields.ts';
import type { Setting } from '../request/pairs.ts';
import { uploadFiles } from '../request/upload-files.ts';
import type { CommandContext } from './context.ts';
import { submit, type SubmitOptions } from './submit.ts';

export interface GenerateOptions extends SubmitOptions {
  readonly file?: string;
  readonly images?: number;
  readonly size?: { readonly width: number; readonly height: number };
  readonly seed?: number;
  readonly steps?: number;
  readonly guidance?: number;
  readonly sampler?: Sampler;
  readonly negative?: string;
  /** An image as in a pair: `@FILE`, an https URL, an upload or an output of a job. */
  readonly image?: string;
  readonly mask?: string;
  readonly strength?: number;
  readonly format?: OutputFormat;
  readonly quality?: number;
  readonly thumbnail?: true;
  readonly model?: string;
  readonly priority?: Priority;
  readonly dryRun?: true;
}

/** What is not given is left to the API, which has the defaults and the limits. */
function toSettings(options: GenerateOptions): Setting[] {
  const { images, size, seed, steps, guidance, sampler, negative: negativePrompt, model, priority } = options;
  const { image, mask, strength, format, quality, thumbnail } = options;
  const sampling = { negativePrompt, ...size, steps, guidance, sampler, seed, images };
  return Object.entries({ model, ...sampling, image, mask, strength, format, quality, thumbnail, priority })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({ path: toPath(name), value }));
}

/** `afterimage generate`: submits a job, follows it, saves its images; or shows what it would be. */
export async function generate(
  context: CommandContext,
  words: readonly string[],
  options: GenerateOptions,
  isJson: boolean,
): Promise<ExitCode> {
  const { client, cwd, readSource, stdout, interrupted: signal } = context;
  const request = await buildRequest({ file: options.file, words, settings: toSettings(options) }, cwd, readSource);
  if (valueAt(request, ['input']) === undefined) {
    throw new CliError(EXIT.usage, 'nothing to make: give a prompt, or a request with --file');
  }
  async function complete(): Promise<CreateJobRequest> {
    const model = valueAt(request, ['model']) ?? (await defaultModel(context, String(valueAt(request, ['task']))));
    return uploadFiles(client, withValue(request, ['model'], model), signal);
  }

  if (options.dryRun === true) {
    const preview = await client.jobs.preview(await complete(), { signal });
    stdout.write(`${JSON.stringify(preview, null, isJson ? 0 : 2)}\n`);
    return EXIT.ok;
  }
  return submit(context, options, async (idempotencyKey) => client.jobs.create(await complete(), { idempotencyKey }));
}

/** The first model that the API lists for the task. */
export async function defaultModel(
  { client, interrupted: signal }: CommandContext,
  task = 'text-to-image',
): Promise<string> {
  const models = await client.models.list({ signal });
  const model = models.find(({ tasks }) => tasks.includes(task));
  if (model === undefined) throw new CliError(EXIT.usage, `this server has no model for ${task}`);
  return model.id;
}
