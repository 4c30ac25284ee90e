/**
 * Why an exchange gave nothing. `forbidden`: the URL, or one that it led to, may not be called. `answered`: with a status
 * that is no success. `redirects`: too many, or one that leads nowhere. `too-large`: more bytes than were allowed.
 * `timeout`: no complete answer in time. `unreachable`: no connection, or one that broke.
 */
export type EgressErrorCode = 'forbidden' | 'answered' | 'redirects' | 'too-large' | 'timeout' | 'unreachable';

/** Nothing was fetched. The message names neither URL nor address: the one may be signed, the other tells of our network. */
export class EgressError extends Error {
  override readonly name = 'EgressError';
  readonly code: EgressErrorCode;
  /** Whether the same exchange may end well later. */
  readonly isTransient: boolean;

  constructor(code: EgressErrorCode, message: string, options: { isTransient: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.code = code;
    this.isTransient = options.isTransient;
  }
}
