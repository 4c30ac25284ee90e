import { Argument, type Command } from 'commander';
import { parseJobId } from './arguments.ts';
import { logs, type LogsOptions } from './commands/logs.ts';
import type { ShellAction } from './session.ts';

const HELP = `
Examples:
  afterimage logs job_01K...                what the processes of the local stack logged
  afterimage logs job_01K... --follow       and what they still log, until Ctrl-C
  afterimage logs job_01K... --insights     the query for CloudWatch Logs Insights, over
                                            the log groups of a deployment`;

/** Adds `logs`, which reads the local stack's files. */
export function addLogs(program: Command, action: ShellAction): void {
  program
    .command('logs')
    .description('what every process of the local stack logged about a job')
    .addArgument(new Argument('<id>', 'job').argParser(parseJobId))
    .option('-f, --follow', 'go on until Ctrl-C')
    .option('--insights', 'print the query that does so on AWS')
    .addHelpText('after', HELP)
    .action((id: string, options: LogsOptions, command: Command) =>
      action((shell) => logs(shell, id, options), command),
    );
}
