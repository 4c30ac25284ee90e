import type { Job } from '@afterimage/client';
import { styleText } from 'node:util';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { formatTable } from '../output/table.ts';
import type { CommandContext } from './context.ts';

export interface ListOptions {
  readonly status?: string;
  readonly model?: string;
  readonly limit: number;
}

type Style = Parameters<typeof styleText>[0];
const STATUS_STYLES: Readonly<Record<string, Style>> = {
  succeeded: 'green',
  running: 'cyan',
  failed: 'red',
  expired: 'red',
};

function formatJobs(jobs: readonly Job[], hasColor: boolean): string {
  const cells = jobs.map((job) => [job.status, job.model, job.createdAt, job.id]);
  return formatTable([['STATUS', 'MODEL', 'CREATED', 'ID'], ...cells], (cell, [status = '']) => {
    const style = STATUS_STYLES[status];
    return hasColor && style !== undefined ? styleText(style, cell, { validateStream: false }) : cell;
  });
}

/** `afterimage jobs ls`: a table, or a job a line in JSON. */
export async function list(context: CommandContext, options: ListOptions, isJson: boolean): Promise<ExitCode> {
  const { client, stdout, hasColor, interrupted: signal } = context;
  const { status, model, limit } = options;
  const list = client.jobs.list({ status, model, limit, signal });
  if (isJson) {
    for await (const job of list) stdout.write(`${JSON.stringify(job)}\n`);
    return EXIT.ok;
  }
  const jobs: Job[] = [];
  for await (const job of list) jobs.push(job);
  stdout.write(jobs.length === 0 ? 'no jobs\n' : formatJobs(jobs, hasColor));
  return EXIT.ok;
}
