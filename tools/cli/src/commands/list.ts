import type { Job } from '@afterimage/client';
import { styleText } from 'node:util';
import { EXIT, type ExitCode } from '../exit-codes.ts';
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

/** Columns as wide as their longest cell; the colour goes around the padded text, so that it does not count. */
export function formatTable(jobs: readonly Job[], hasColor: boolean): string {
  const cells = jobs.map((job) => [job.status, job.model, job.createdAt, job.id]);
  const rows = [['STATUS', 'MODEL', 'CREATED', 'ID'], ...cells];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => {
    const [status = '', ...rest] = row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
    const style = STATUS_STYLES[row[0] ?? ''];
    const painted = hasColor && style !== undefined ? styleText(style, status, { validateStream: false }) : status;
    return [painted, ...rest].join('  ');
  });
  return lines.map((line) => `${line}\n`).join('');
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
  stdout.write(jobs.length === 0 ? 'no jobs\n' : formatTable(jobs, hasColor));
  return EXIT.ok;
}
