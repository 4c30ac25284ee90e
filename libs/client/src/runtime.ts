/** Time and chance as the client sees them, so that tests need not wait. */
export interface Runtime {
  nowMs(): number;
  /** Rejects with the signal's reason when it is aborted. */
  sleep(delayMs: number, signal: AbortSignal): Promise<void>;
  /** A signal that is aborted after so many milliseconds. */
  timeout(delayMs: number): AbortSignal;
  /** From 0 up to, not including, 1. */
  random(): number;
  newIdempotencyKey(): string;
}

function sleep(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const timer = setTimeout(finish, delayMs);
    signal.addEventListener('abort', abort);
    function finish(): void {
      signal.removeEventListener('abort', abort);
      resolve();
    }
    function abort(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      reject(signal.reason);
    }
  });
}

/** The clock and the chance of the platform. */
export const platformRuntime: Runtime = {
  nowMs: () => Date.now(),
  sleep,
  timeout: (delayMs) => AbortSignal.timeout(delayMs),
  random: () => Math.random(),
  newIdempotencyKey: () => crypto.randomUUID(),
};
