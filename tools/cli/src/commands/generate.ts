import type { CreateJobRequest } from '@afterimage/client';
import type { Priority, OutputFormat } from '@afterimage/job-schemas';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { CommandContext } from './context.ts';
import { submit, type SubmitOptions } from './submit.ts';

export interface GenerateOptions extends SubmitOptions {
  readonly images?: number;
  readonly size?: { readonly width: number; readonly height: number };
  readonly seed?: number;
  readonly steps?: number;
  readonly guidance?: number;
  readonly negative?: string;
  readonly format?: OutputFormat;
  readonly model?: string;
  readonly priority?: Priority;
}

/** What is not given is left to the API, which has the defaults and the limits. */
export function toCreateJob(prompt: string, model: string, options: GenerateOptions): CreateJobRequest {
  const { images, size, seed, steps, guidance, negative, format, priority } = options;
  return {
    model,
    task: 'text-to-image',
    input: {
      prompt,
      ...(negative === undefined ? {} : { negativePrompt: negative }),
      ...size,
      ...(steps === undefined ? {} : { steps }),
      ...(guidance === undefined ? {} : { guidance }),
      ...(seed === undefined ? {} : { seed }),
      ...(images === undefined ? {} : { images }),
    },
    ...(format === undefined ? {} : { output: { format } }),
    ...(priority === undefined ? {} : { policy: { priority } }),
  };
}

/** `afterimage generate`: submits a job, follows it, saves its images. */
export async function generate(context: CommandContext, prompt: string, options: GenerateOptions): Promise<ExitCode> {
  return submit(context, options, async (idempotencyKey) => {
    const model = options.model ?? (await defaultModel(context));
    return context.client.jobs.create(toCreateJob(prompt, model, options), { idempotencyKey });
  });
}

/** The first model that the API lists. */
export async function defaultModel({ client, interrupted: signal }: CommandContext): Promise<string> {
  const models = await client.models.list({ signal });
  const model = models.find(({ tasks }) => tasks.includes('text-to-image'));
  if (model === undefined) throw new CliError(EXIT.usage, 'this server has no model that makes images from text');
  return model.id;
}
