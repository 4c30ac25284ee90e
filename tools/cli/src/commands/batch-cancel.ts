import { EXIT, type ExitCode } from '../exit-codes.ts';
import { isInterruption } from '../interrupts.ts';
import type { CommandContext } from './context.ts';

/** `afterimage batch cancel`: cancels every job of a batch that has not ended; with `wait` it lasts until all have. */
export async function batchCancel(
  { client, stdout, reporter, interrupted: signal }: CommandContext,
  id: string,
  { wait }: { readonly wait?: true },
  isJson: boolean,
): Promise<ExitCode> {
  const handle = await client.batches.cancel(id, { signal });
  if (wait) {
    try {
      await handle.wait({ signal });
    } catch (error) {
      if (!isInterruption(error, signal)) throw error;
      reporter.notice(`left before the end; to look: afterimage batch get ${id}`);
      return EXIT.interrupted;
    }
  }
  const { status, counts } = handle.batch;
  stdout.write(
    isJson
      ? `${JSON.stringify({ event: 'batch', batchId: id, status, counts })}\n`
      : `${id} ${status}: ${counts.canceled} canceled, ${counts.succeeded} succeeded, ${counts.failed} failed\n`,
  );
  return EXIT.ok;
}
