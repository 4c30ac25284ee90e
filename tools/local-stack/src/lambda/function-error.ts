export type FunctionErrorCode =
  | 'unhandled'
  | 'timeout'
  | 'crashed'
  | 'init-failed'
  | 'request-too-large'
  | 'response-too-large'
  | 'stopped';

/** An invocation that gave no result. */
export class FunctionError extends Error {
  override readonly name = 'FunctionError';
  readonly code: FunctionErrorCode;

  /** @param message for `unhandled`, the message of the error that the handler threw */
  constructor(code: FunctionErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
