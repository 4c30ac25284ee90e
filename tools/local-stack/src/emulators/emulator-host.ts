/** What an emulator's own process does besides emulating: report its port, end when told or left alone. */
import * as z from 'zod';
import { describeError } from '../describe-error.ts';

export interface RunningEmulator {
  readonly port: number;
  close(): Promise<void>;
}

/** The one message of an emulator's process to the stack. */
export const emulatorMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('listening'), port: z.int() }),
  z.object({ type: z.literal('failed'), message: z.string() }),
]);
export type EmulatorMessage = z.infer<typeof emulatorMessage>;

function send(message: EmulatorMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) return resolve();
    process.send(message, () => resolve());
  });
}

/** Runs the emulator until SIGTERM, or until the stack's process is gone. */
export async function hostEmulator(start: () => Promise<RunningEmulator>): Promise<void> {
  let emulator: RunningEmulator;
  try {
    emulator = await start();
  } catch (error) {
    await send({ type: 'failed', message: describeError(error) });
    process.exit(1);
  }
  const end = () => {
    emulator.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', end);
  process.once('disconnect', end);
  await send({ type: 'listening', port: emulator.port });
}
