/** Time as the command sees it, so that tests need not wait. */
export interface Clock {
  nowMs(): number;
  /** Rejects with the signal's reason when it is aborted. */
  sleep(delayMs: number, signal: AbortSignal): Promise<void>;
}
