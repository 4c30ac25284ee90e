import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { inFolder } from './attach.ts';
import type { CommandContext, Handle } from './context.ts';

export interface OpenOptions {
  /** Number of one output; all of them without it. */
  readonly index?: number;
  /** Show the page of the operators' console. */
  readonly console?: true;
}

async function openTarget({ openFile, reporter }: CommandContext, target: string): Promise<void> {
  try {
    await openFile(target);
  } catch (cause) {
    throw new CliError(EXIT.failed, `nothing here opens ${target}`, { cause });
  }
  reporter.opened(target);
}

function consolePage({ consoleUrl }: CommandContext, id: string): string {
  if (consoleUrl !== null) return `${consoleUrl.replace(/\/+$/, '')}/jobs/${id}`;
  throw new CliError(EXIT.usage, 'the address of the console is not known: set AFTERIMAGE_CONSOLE_URL');
}

function chosen({ id, job, outputs }: Handle, index: number | undefined): Handle['outputs'] {
  if (job.status !== 'succeeded') throw new CliError(EXIT.failed, `${id} is ${job.status}: it has no images to open`);
  const found = index === undefined ? outputs : outputs.filter((each) => each.index === index);
  if (found.length > 0) return found;
  throw new CliError(EXIT.usage, `${id} has no output ${index ?? 0}; it has ${outputs.length}`);
}

/**
 * `afterimage open`: shows the images of a job in the desktop's viewer, from files: their signed addresses would be seen in
 * the list of processes and stay in the history of a browser.
 */
export async function open(context: CommandContext, id: string, options: OpenOptions): Promise<ExitCode> {
  const { client, interrupted: signal } = context;
  if (options.console === true) {
    await openTarget(context, consolePage(context, id));
    return EXIT.ok;
  }
  const outputs = chosen(await client.jobs.get(id, { signal }), options.index);
  const folder = await inFolder(tmpdir(), () => mkdtemp(join(tmpdir(), 'afterimage-')));
  try {
    for (const output of outputs) {
      const path = join(folder, output.fileName);
      await inFolder(folder, () => output.toFile(path, { signal }));
      await openTarget(context, path);
    }
    return EXIT.ok;
  } catch (error) {
    // What a viewer has opened may be gone with it: nothing that is half shown is left behind.
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
