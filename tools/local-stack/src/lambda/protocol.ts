/** What the stack and the thread of an environment tell each other. */
import type { FunctionDefinition } from './definition.ts';

export interface ThreadData {
  readonly definition: Pick<FunctionDefinition, 'name' | 'bundle' | 'memoryMb'>;
  readonly functionArn: string;
  readonly logStream: string;
}

export interface Invocation {
  readonly type: 'invoke';
  readonly requestId: string;
  /** JSON. */
  readonly event: string;
  /** Time of the timeout, in epoch milliseconds. */
  readonly deadline: number;
  /** The `X-Amzn-Trace-Id` of the invocation. */
  readonly traceHeader: string | undefined;
}

/** To the thread. `taken`: there is room for another chunk. `abort`: nobody reads the response any more. */
export type ParentMessage = Invocation | { readonly type: 'taken' | 'abort'; readonly requestId: string };

export interface ThrownError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** About one invocation. A streamed response is a prelude, which is the JSON of status and headers, chunks, and a result. */
export type InvocationMessage =
  | { readonly type: 'result'; readonly requestId: string; readonly payload: string }
  | { readonly type: 'error'; readonly requestId: string; readonly error: ThrownError }
  | { readonly type: 'prelude'; readonly requestId: string; readonly payload: string }
  | { readonly type: 'chunk'; readonly requestId: string; readonly bytes: Uint8Array };

export type ThreadMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'init-failed'; readonly error: ThrownError }
  | InvocationMessage;
