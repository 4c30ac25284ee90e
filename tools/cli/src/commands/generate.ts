import type { CreateJobRequest } from '@afterimage/client';
import type { Priority, OutputFormat } from '@afterimage/job-schemas';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { isInterruption } from '../interrupts.ts';
import { resumeCommand, shellQuote } from '../output/describe.ts';
import { attach } from './attach.ts';
import type { CommandContext, Handle } from './context.ts';

export interface GenerateOptions {
  readonly images?: number;
  readonly size?: { readonly width: number; readonly height: number };
  readonly seed?: number;
  readonly steps?: number;
  readonly guidance?: number;
  readonly negative?: string;
  readonly format?: OutputFormat;
  readonly model?: string;
  readonly priority?: Priority;
  readonly output: string;
  readonly idempotencyKey?: string;
  readonly wait: boolean;
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
  const { client, reporter, interrupted } = context;
  const idempotencyKey = options.idempotencyKey ?? context.newIdempotencyKey();
  let accepted: Handle;
  try {
    const model = options.model ?? (await defaultModel(context));
    // A create under way is not torn off: its reply has the id that the user needs to come back.
    accepted = await client.jobs.create(toCreateJob(prompt, model, options), { idempotencyKey });
  } catch (error) {
    if (!isInterruption(error, interrupted)) throw error;
    reporter.notice(
      `interrupted before the job was accepted; add --idempotency-key ${shellQuote(idempotencyKey)} to try again safely`,
    );
    return EXIT.interrupted;
  }
  if (options.wait) return attach(context, accepted, options.output);
  reporter.state(accepted.job, `to follow it: ${resumeCommand(accepted.id, options.output)}`);
  return EXIT.ok;
}

async function defaultModel({ client, interrupted: signal }: CommandContext): Promise<string> {
  const models = await client.models.list({ signal });
  const model = models.find(({ tasks }) => tasks.includes('text-to-image'));
  if (model === undefined) throw new CliError(EXIT.usage, 'this server has no model that makes images from text');
  return model.id;
}
