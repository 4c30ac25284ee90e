import { Argument, Command, CommanderError, Option } from 'commander';
import { outputFormatSchema, prioritySchema, samplerSchema } from '@afterimage/job-schemas';
import {
  collectJobIds,
  parseCount,
  parseDecimal,
  parseIndex,
  parseInteger,
  parseJobId,
  parseSize,
} from './arguments.ts';
import { addBatch } from './batch-program.ts';
import type { SaveOptions } from './commands/attach.ts';
import { cancel } from './commands/cancel.ts';
import { generate, type GenerateOptions } from './commands/generate.ts';
import { get } from './commands/get.ts';
import { limits } from './commands/limits.ts';
import { usage, type UsageCommandOptions } from './commands/usage.ts';
import { list, type ListOptions } from './commands/list.ts';
import { models } from './commands/models.ts';
import { open, type OpenOptions } from './commands/open.ts';
import { remove } from './commands/remove.ts';
import { retry, type RetryOptions } from './commands/retry.ts';
import { watch } from './commands/watch.ts';
import { EXIT } from './exit-codes.ts';
import { PREVIEW_CHOICES } from './preview/protocol.ts';
import { addKeys } from './keys-program.ts';
import { addLogs } from './logs-program.ts';
import { addPlan } from './plan-program.ts';
import { addWebhooks } from './webhooks-program.ts';
import {
  type Action,
  type CliDependencies,
  type GlobalOptions,
  type ShellAction,
  withSession,
  withShell,
} from './session.ts';
import { addSetup } from './setup-program.ts';

const EXIT_CODES_HELP = `
Exit codes:
  0    done
  1    the job did not succeed, or an image could not be saved
  2    the command line, the settings or the request is wrong
  3    the API cannot be reached, is overloaded, or does not take the key
  130  interrupted

The first Ctrl-C leaves a job running and says how to come back; a second one
within 3 s cancels it.`;

const GENERATE_HELP = `
A field is set by an option, else by key=value, else in the file, else by the
API. A key is a field of the request, such as steps, input.steps, format,
priority or metadata.orderId; numbers, lists and objects are written as in JSON.
Prompts, workflow and images may be @FILE; "@-" and a prompt of "-" are standard
input, "@@" begins a text with an at sign.

Examples:
  afterimage generate "a red lighthouse at dusk" -n 2 --size 768x512 -o out/
  afterimage generate "a red lighthouse" steps=30 guidance=7 format=webp
  afterimage generate "the same at night" --image @lighthouse.png --strength 0.6
  afterimage generate --file request.yaml seed=8
  afterimage generate @prompt.txt
  echo "a red lighthouse" | afterimage generate -`;

/** Runs the command line `args` (without node and script) and returns the exit code; it never ends the process. */
export async function runCli(args: readonly string[], dependencies: CliDependencies): Promise<number> {
  let exitCode: number = EXIT.ok;
  const action: Action = async (run, command) => {
    exitCode = await withSession(command.optsWithGlobals<GlobalOptions>(), dependencies, run);
  };
  const shellAction: ShellAction = async (run, command) => {
    exitCode = await withShell(command.optsWithGlobals<GlobalOptions>(), dependencies, run);
  };
  try {
    const program = buildProgram(dependencies, action, shellAction);
    addPlan(program, dependencies, (code) => {
      exitCode = code;
    });
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  return exitCode;
}

function buildProgram({ stdout, stderr, version }: CliDependencies, action: Action, shellAction: ShellAction): Command {
  const program = new Command('afterimage')
    .description('Stable Diffusion images as asynchronous jobs')
    .version(version)
    .option(
      '--api-url <url>',
      'address of the API (else AFTERIMAGE_API_URL, else the local stack, else what "login" stored)',
    )
    .option('--api-key <key>', 'API key (else AFTERIMAGE_API_KEY, which other users of the machine cannot see)')
    .option('--profile <name>', 'address and key that "login" has stored under this name (else AFTERIMAGE_PROFILE)')
    .option('--json', 'JSON lines on stdout, as without a terminal')
    .option('-q, --quiet', 'only results and what goes wrong: no progress, no previews, no hints')
    .addHelpText('after', EXIT_CODES_HELP)
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(add --help for the options)')
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) })
    .exitOverride();
  addGenerate(program, action);
  program
    .command('open')
    .description('show the images of a job, or its page in the console, with the desktop')
    .addArgument(new Argument('<id>', 'job id').argParser(parseJobId))
    .option('--index <number>', 'one image only, from 0', parseIndex)
    .option('--console', "the job's page in the operators' console (AFTERIMAGE_CONSOLE_URL, else the local stack's)")
    .action((jobId: string, options: OpenOptions, command: Command) =>
      action((context) => open(context, jobId, options), command),
    );
  addJobs(program.command('jobs').description('look at jobs, cancel, repeat and erase them'), action);
  addBatch(
    program.command('batch').description('many prompts at once, from a file; look at batches, cancel them'),
    action,
  );
  addKeys(program.command('keys').description('create, list, rotate and revoke API keys'), action);
  addWebhooks(program.command('webhooks').description('where events go, what was sent, and a local listener'), action);
  program
    .command('models')
    .description('list the models, or show one with the JSON Schemas of its inputs')
    .argument('[id]', 'model')
    .action((model: string | undefined, _options: object, command: Command) =>
      action((context, isJson) => models(context, model, isJson), command),
    );
  program
    .command('limits')
    .description('print what requests are limited to, as JSON')
    .action((_options: object, command: Command) => action(limits, command));
  program
    .command('usage')
    .description('show what jobs used, by day and model')
    .option('--from <day>', 'first day, like 2026-01-31 (default: 30 days in all)')
    .option('--to <day>', 'last day (default: today, in UTC)')
    .action((options: UsageCommandOptions, command: Command) =>
      action((context, isJson) => usage(context, options, isJson), command),
    );
  addLogs(program, shellAction);
  addSetup(program, shellAction);
  return program;
}

function addGenerate(program: Command, action: Action): void {
  const generating = program
    .command('generate')
    .description('make images from a prompt and save them')
    .argument('[words...]', 'what the images show, in quotes, and fields of the request as key=value')
    .option('-f, --file <file>', 'request as YAML or JSON; "-" is standard input')
    .option('-n, --images <count>', 'how many images', parseInteger)
    .option('--size <WxH>', 'width and height in pixels, like 768x512', parseSize)
    .option('--seed <number>', 'the same seed gives the same images', parseInteger)
    .option('--steps <count>', 'denoising steps', parseInteger)
    .option('--guidance <number>', 'how closely the images follow the prompt', parseDecimal)
    .addOption(new Option('--sampler <name>', 'how the noise is taken away').choices(samplerSchema.options))
    .option('--negative <prompt>', 'what the images do not show')
    .option('--image <image>', 'what to begin with: @FILE, an https URL, an upload or job_…/0')
    .option('--mask <image>', 'white where that image may change')
    .option('--strength <number>', '0 keeps that image, 1 ignores it', parseDecimal)
    .addOption(new Option('--format <format>', 'file format').choices(outputFormatSchema.options))
    .option('--quality <number>', '1 to 100, of formats that have a quality', parseInteger)
    .option('--thumbnail', 'a small image beside each one')
    .option('--model <id>', 'model (default: the first that the API lists)')
    .option('--dry-run', 'print the job as it would be, and about how long it would take; make none')
    .addHelpText('after', GENERATE_HELP)
    .action((words: readonly string[], options: GenerateOptions, command: Command) =>
      action((context, isJson) => generate(context, words, options, isJson), command),
    );
  addSubmitOptions(generating);
}

const previewOption = () =>
  new Option('--preview <how>', 'show the images in the terminal').choices(PREVIEW_CHOICES).default('auto');

function addSubmitOptions(command: Command): void {
  command
    .addOption(new Option('--priority <priority>', 'queue').choices(prioritySchema.options))
    .option('-o, --output <folder>', 'where to save the images', '.')
    .option('--idempotency-key <key>', 'create the job at most once under this key (default: a new one)')
    .addOption(previewOption())
    .option('--no-wait', 'submit and return');
}

function addJobs(jobs: Command, action: Action): void {
  const id = () => new Argument('<id>', 'job id').argParser(parseJobId);
  jobs
    .command('ls')
    .description('list the newest jobs')
    .option('--status <status>', 'only jobs in this state')
    .option('--model <id>', 'only jobs of this model')
    .option('--limit <count>', 'how many', parseCount, 20)
    .action((options: ListOptions, command: Command) =>
      action((context, isJson) => list(context, options, isJson), command),
    );
  jobs
    .command('get')
    .description('print a job as JSON')
    .addArgument(id())
    .action((jobId: string, _options: object, command: Command) =>
      action((context, isJson) => get(context, jobId, isJson), command),
    );
  jobs
    .command('watch')
    .description('follow jobs to their end')
    .argument('<ids...>', 'job ids', collectJobIds)
    .option('-o, --output <folder>', 'save the images here')
    .addOption(previewOption())
    .action((ids: readonly string[], options: SaveOptions, command: Command) =>
      action((context) => watch(context, ids, options), command),
    );
  jobs
    .command('cancel')
    .description('cancel a job')
    .addArgument(id())
    .option('--wait', 'until the job is canceled')
    .action((jobId: string, options: { readonly wait?: true }, command: Command) =>
      action((context) => cancel(context, jobId, options), command),
    );
  const retrying = jobs
    .command('retry')
    .description('repeat a job that has ended, as a new one')
    .addArgument(id())
    .option('--seed <number>', 'another seed', parseInteger)
    .action((jobId: string, options: RetryOptions, command: Command) =>
      action((context) => retry(context, jobId, options), command),
    );
  addSubmitOptions(retrying);
  jobs
    .command('rm')
    .description('erase jobs that have ended, with their images')
    .argument('<ids...>', 'job ids', collectJobIds)
    .action((ids: readonly string[], _options: object, command: Command) =>
      action((context) => remove(context, ids), command),
    );
}
