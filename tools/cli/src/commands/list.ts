import { LIMITS } from '@afterimage/job-schemas';
import { styleText } from 'node:util';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { JobView } from '../job-view.ts';
import type { CommandContext } from './context.ts';

export interface ListOptions {
  readonly status?: string;
  readonly model?: string;
  readonly limit: number;
}

/** The newest jobs, over as many pages as `limit` needs. */
async function* listJobs(
  { client, interrupted }: CommandContext,
  { status, model, limit }: ListOptions,
): AsyncGenerator<JobView> {
  let left = limit;
  let cursor: string | undefined;
  do {
    const query = { limit: Math.min(left, LIMITS.listLimit.max), status, model, cursor };
    const page = await client.listJobs(query, interrupted);
    yield* page.data;
    left -= page.data.length;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && left > 0);
}

type Style = Parameters<typeof styleText>[0];
const STATUS_STYLES: Readonly<Record<string, Style>> = {
  succeeded: 'green',
  running: 'cyan',
  failed: 'red',
  expired: 'red',
};

/** Columns as wide as their longest cell; the colour goes around the padded text, so that it does not count. */
export function formatTable(jobs: readonly JobView[], hasColor: boolean): string {
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
  const { stdout, hasColor } = context;
  if (isJson) {
    for await (const job of listJobs(context, options)) stdout.write(`${JSON.stringify(job)}\n`);
    return EXIT.ok;
  }
  const jobs: JobView[] = [];
  for await (const job of listJobs(context, options)) jobs.push(job);
  stdout.write(jobs.length === 0 ? 'no jobs\n' : formatTable(jobs, hasColor));
  return EXIT.ok;
}
