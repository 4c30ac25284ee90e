import { EXIT, type ExitCode } from '../exit-codes.ts';
import { isInterruption } from '../interrupts.ts';
import { resumeCommand, shellQuote } from '../output/describe.ts';
import { attach, type SaveOptions } from './attach.ts';
import type { CommandContext, Handle } from './context.ts';
import { isInterruptedAgain } from './second-interrupt.ts';

/** What every command that makes a new job takes. */
export interface SubmitOptions extends SaveOptions {
  readonly output: string;
  readonly idempotencyKey?: string;
  readonly wait: boolean;
}

/**
 * Makes a new job, follows it and saves its images; a second Ctrl-C cancels it. `create` gets no signal: one that is under
 * way is not torn off, as its reply has the id that the user needs to come back.
 */
export async function submit(
  context: CommandContext,
  options: SubmitOptions,
  create: (idempotencyKey: string) => Promise<Handle>,
): Promise<ExitCode> {
  const { reporter, interrupted } = context;
  const idempotencyKey = options.idempotencyKey ?? context.newIdempotencyKey();
  let accepted: Handle;
  try {
    accepted = await create(idempotencyKey);
  } catch (error) {
    if (!isInterruption(error, interrupted)) throw error;
    reporter.notice(
      `interrupted before the job was accepted; add --idempotency-key ${shellQuote(idempotencyKey)} to try again safely`,
    );
    return EXIT.interrupted;
  }
  if (!options.wait) {
    reporter.state(accepted.job, `to follow it: ${resumeCommand(accepted.id, options.output)}`);
    return EXIT.ok;
  }
  const again = context.claimSecondInterrupt();
  const code = await attach(context, accepted, options);
  if (code === EXIT.interrupted && (await isInterruptedAgain(context, again))) {
    await accepted.cancel();
    reporter.state(accepted.job);
  }
  return code;
}
