/** What the stack and the thread of an environment tell each other. */
import type { FunctionDefinition } from './definition.ts';

export interface ThreadData {
  readonly definition: Pick<FunctionDefinition, 'name' | 'bundle' | 'memoryMb'>;
  readonly functionArn: string;
  readonly logStream: string;
}

export interface Invocation {
  readonly requestId: string;
  /** JSON. */
  readonly event: string;
  /** Time of the timeout, in epoch milliseconds. */
  readonly deadline: number;
}

export interface ThrownError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

export type ThreadMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'init-failed'; readonly error: ThrownError }
  | { readonly type: 'result'; readonly requestId: string; readonly payload: string }
  | { readonly type: 'error'; readonly requestId: string; readonly error: ThrownError };
