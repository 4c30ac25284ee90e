/**
 * Why a running attempt was stopped from outside. Each is the reason of the attempt's AbortSignal; the first one counts.
 */

/** Another worker may have the job by now: nothing may be written or deleted any more. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** The client asked for it. */
export class CancelRequestedError extends Error {
  override readonly name = 'CancelRequestedError';
}

/** The job's own limit on the time of one attempt is over. */
export class ExecutionTimeoutError extends Error {
  override readonly name = 'ExecutionTimeoutError';
}

/** Why a worker has to go, as the attempt's record will say. */
export type DrainCause = 'drain' | 'spot_interruption';

/** The worker has to go; the job is given back. */
export class DrainError extends Error {
  override readonly name = 'DrainError';
  readonly because: DrainCause;

  constructor(message: string, because: DrainCause = 'drain') {
    super(message);
    this.because = because;
  }
}

/** Whether the attempt was ended because somebody wanted it so: that is no failure of whatever it was at. */
export function isWanted(reason: unknown): boolean {
  return reason instanceof CancelRequestedError || reason instanceof DrainError;
}

/** An image could not be stored, however often it was tried. */
export class OutputUploadError extends Error {
  override readonly name = 'OutputUploadError';
}
