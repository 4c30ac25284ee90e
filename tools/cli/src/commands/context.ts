import type { Client, Fetch, FileOutput, JobHandle } from '@afterimage/client/node';
import type { Reporter, TextSink } from '../output/reporter.ts';
import type { Preview } from '../preview/preview.ts';
import type { PreviewChoice } from '../preview/protocol.ts';
import type { ReadSource } from '../request/sources.ts';

/** A job whose images can be saved. */
export type Handle = JobHandle<FileOutput>;

/** Opens a file or an address as the user's desktop does. @throws Error when nothing can */
export type OpenFile = (target: string) => Promise<void>;

/** All that a command works with. */
export interface CommandContext {
  readonly client: Client<FileOutput>;
  /** Of the operators' console, where it is known. */
  readonly consoleUrl: string | null;
  readonly reporter: Reporter;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  /** Whether colours may be used on stdout. */
  readonly hasColor: boolean;
  /** Whether there is somebody who watches progress. */
  readonly wantsProgress: boolean;
  /** Shows the pictures of one command. */
  readonly previewFor: (choice: PreviewChoice) => Preview;
  readonly nowMs: () => number;
  /** For other servers than the API. */
  readonly fetch: Fetch;
  readonly openFile: OpenFile;
  readonly newIdempotencyKey: () => string;
  /** What names of files are relative to. */
  readonly cwd: string;
  readonly readSource: ReadSource;
  /** Rejects with the signal's reason when it is aborted. */
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
  /** Aborted by the first Ctrl-C. */
  readonly interrupted: AbortSignal;
  /** From now on a second Ctrl-C aborts this signal, and a third one exits. */
  readonly claimSecondInterrupt: () => AbortSignal;
}
