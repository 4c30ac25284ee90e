import type { Priority, OutputFormat } from '@afterimage/job-schemas';
import type { CreateJobBody, JobReply } from '../api-client.ts';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { resumeCommand, shellQuote } from '../output/describe.ts';
import { attach } from './attach.ts';
import type { CommandContext } from './context.ts';
import { isInterruption } from '../interrupts.ts';

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
export function toCreateJob(prompt: string, model: string, options: GenerateOptions): CreateJobBody {
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
  let accepted: JobReply;
  try {
    const model = options.model ?? (await defaultModel(context));
    accepted = await client.createJob(toCreateJob(prompt, model, options), idempotencyKey, interrupted);
  } catch (error) {
    if (!isInterruption(error, interrupted)) throw error;
    reporter.notice(
      `interrupted before the job was accepted; add --idempotency-key ${shellQuote(idempotencyKey)} to try again safely`,
    );
    return EXIT.interrupted;
  }
  if (options.wait) return attach(context, accepted, options.output);
  reporter.state(accepted.job, `to follow it: ${resumeCommand(accepted.job.id, options.output)}`);
  return EXIT.ok;
}

async function defaultModel({ client, interrupted }: CommandContext): Promise<string> {
  const [model] = await client.listModels(interrupted);
  if (model === undefined) throw new CliError(EXIT.usage, 'this server has no model that makes images from text');
  return model;
}
