import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { CommandContext } from './context.ts';

/** `afterimage batch get`: the batch as the API has it. */
export async function batchGet(
  { client, stdout, interrupted: signal }: CommandContext,
  id: string,
  isJson: boolean,
): Promise<ExitCode> {
  const { batch } = await client.batches.get(id, { signal });
  stdout.write(`${JSON.stringify(batch, null, isJson ? 0 : 2)}\n`);
  return EXIT.ok;
}
