import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { CommandContext } from './context.ts';

/** `afterimage limits`: as the API has them, indented for people and on one line for programs. */
export async function limits(
  { client, stdout, interrupted: signal }: CommandContext,
  isJson: boolean,
): Promise<ExitCode> {
  stdout.write(`${JSON.stringify(await client.limits({ signal }), null, isJson ? 0 : 2)}\n`);
  return EXIT.ok;
}
