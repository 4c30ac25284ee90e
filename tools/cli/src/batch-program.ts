import { Argument, type Command } from 'commander';
import { parseBatchId, parseCount } from './arguments.ts';
import { batchCancel } from './commands/batch-cancel.ts';
import { batchGet } from './commands/batch-get.ts';
import { batchRun, type BatchRunOptions } from './commands/batch-run.ts';
import type { Action } from './session.ts';

const RUN_HELP = `
A line is a prompt in quotes, {"prompt": "…", "steps": 30}, or a request for a
job as the API takes it, as JSON. Prompts, workflow and images may be @FILE, from
the folder of the file with the lines; "@@" begins a text with an at sign.

Whatever ends a run, the same command goes on with it: no line ever gets a second
job. The first Ctrl-C leaves the jobs running and says how to come back; a second
one within 3 s cancels them.

Lines:
  "a red lighthouse at dusk"
  {"prompt": "the same at night", "image": "@lighthouse.png", "strength": 0.6}`;

/** The commands under `afterimage batch`. */
export function addBatch(batch: Command, action: Action): void {
  const id = () => new Argument('<id>', 'batch id').argParser(parseBatchId);
  batch
    .command('run')
    .description('make the images of each line of a JSONL file and save them')
    .argument('<file>', 'one request a line')
    .option('--concurrency <count>', 'jobs at the same time', parseCount, 20)
    .option('--resume <file>', 'where the state of the run is kept (default: <file>.state.json)')
    .option('-o, --output <folder>', 'where to save the images', '.')
    .option('--model <id>', 'model of lines that name none (default: the first that the API lists)')
    .addHelpText('after', RUN_HELP)
    .action((file: string, options: BatchRunOptions, command: Command) =>
      action((context) => batchRun(context, file, options), command),
    );
  batch
    .command('get')
    .description('print a batch of the API as JSON')
    .addArgument(id())
    .action((batchId: string, _options: object, command: Command) =>
      action((context, isJson) => batchGet(context, batchId, isJson), command),
    );
  batch
    .command('cancel')
    .description('cancel the jobs of a batch of the API')
    .addArgument(id())
    .option('--wait', 'until every job has ended')
    .action((batchId: string, options: { readonly wait?: true }, command: Command) =>
      action((context, isJson) => batchCancel(context, batchId, options, isJson), command),
    );
}
