import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { CommandContext } from './context.ts';

/** `afterimage jobs get`: the job as the API has it, indented for people and on one line for programs. */
export async function get(
  { client, stdout, interrupted: signal }: CommandContext,
  id: string,
  isJson: boolean,
): Promise<ExitCode> {
  const { job } = await client.jobs.get(id, { signal });
  stdout.write(`${JSON.stringify(job, null, isJson ? 0 : 2)}\n`);
  return EXIT.ok;
}
