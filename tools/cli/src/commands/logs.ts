import { open, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { styleText } from 'node:util';
import { jobLogQuery } from '@afterimage/app-config';
import * as z from 'zod';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { findLocalFile } from '../local-file.ts';
import type { Shell } from '../session.ts';

export interface LogsOptions {
  readonly follow?: boolean;
  readonly insights?: boolean;
}

const POLL_MS = 300;

const lineSchema = z.looseObject({
  timestamp: z.string(),
  level: z.string(),
  service: z.string(),
  message: z.string(),
  jobId: z.string().optional(),
  /** Of deliveries: what they are about. */
  subject: z.string().optional(),
});
type Line = z.infer<typeof lineSchema>;

/** What stands in a line anyway, or is the same in each. */
const UNSHOWN = new Set([
  'timestamp',
  'level',
  'service',
  'message',
  'jobId',
  'tenantId',
  'traceId',
  'sampling_rate',
  'xray_trace_id',
]);
const COLOR = { DEBUG: 'dim', INFO: 'cyan', WARN: 'yellow', ERROR: 'red' } as const;

function colorOf(level: string): (typeof COLOR)[keyof typeof COLOR] {
  return Object.entries(COLOR).find(([name]) => name === level)?.[1] ?? 'dim';
}

/** One line for people: time, level, service, message, and the fields that tell it from others. */
function describe({ timestamp, level, service, message, ...others }: Line, hasColor: boolean): string {
  const style = (format: Parameters<typeof styleText>[0], text: string) => (hasColor ? styleText(format, text) : text);
  const fields = Object.entries(others)
    .filter(([name, value]) => !UNSHOWN.has(name) && value !== undefined && value !== null)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const head = `${style('dim', timestamp)} ${style(colorOf(level), level.padEnd(5))} ${style('bold', service)}`;
  return `${head} ${message}${fields.length === 0 ? '' : ` ${style('dim', fields.join(' '))}`}`;
}

function parseLine(text: string): Line | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Reads the files of a folder, each from where the last look at it ended. */
function makeReadNew(folder: string) {
  const offsets = new Map<string, number>();

  async function readFile(name: string): Promise<string[]> {
    const file = await open(join(folder, name));
    try {
      const start = offsets.get(name) ?? 0;
      const { size } = await file.stat();
      const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.max(0, size - start)), { position: start });
      const text = buffer.subarray(0, bytesRead);
      // A line that is not whole yet is left to the next look.
      const end = text.lastIndexOf('\n') + 1;
      offsets.set(name, start + end);
      return text.subarray(0, end).toString('utf8').split('\n');
    } finally {
      await file.close();
    }
  }

  return async function readNew(): Promise<Line[]> {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.log'));
    const texts = (await Promise.all(names.map(readFile))).flat();
    const lines = texts.map(parseLine).filter((line) => line !== undefined);
    return lines.toSorted((a, b) => (a.timestamp < b.timestamp ? -1 : Number(a.timestamp > b.timestamp)));
  };
}

/** @throws CliError when there is no local stack around the folder */
async function findLogs(cwd: string): Promise<string> {
  const local = await findLocalFile(cwd);
  if (local !== undefined) return join(dirname(local.file), 'logs');
  throw new CliError(EXIT.usage, 'there is no local stack around this folder', {
    lines: ['run this inside its folder; for a deployment, --insights prints the query for CloudWatch'],
  });
}

/** `afterimage logs`: what every process of the local stack logged about a job, in the order of time. */
export async function logs(
  { dependencies, isJson, hasColor }: Shell,
  jobId: string,
  { follow = false, insights = false }: LogsOptions,
): Promise<ExitCode> {
  const { stdout, cwd, clock, interrupted } = dependencies;
  if (insights) {
    stdout.write(`${jobLogQuery(jobId)}\n`);
    return EXIT.ok;
  }
  const readNew = makeReadNew(await findLogs(cwd));
  for (;;) {
    for (const line of await readNew()) {
      if (line.jobId !== jobId && line.subject !== jobId) continue;
      stdout.write(`${isJson ? JSON.stringify(line) : describe(line, hasColor)}\n`);
    }
    if (!follow) return EXIT.ok;
    await clock.sleep(POLL_MS, interrupted);
  }
}
