export interface StopSignals {
  /** Aborted by the first signal. */
  readonly stopping: AbortSignal;
  /** Resolves at the first signal. */
  readonly stopped: Promise<void>;
}

/** One Ctrl-C arrives up to four times: from the terminal, and forwarded by npm and by the scripts in between. */
const SAME_SIGNAL_MS = 1500;

/**
 * Two-stage stop: the first signal, or the end of the process that started this one, asks for a graceful end; a signal
 * well after it calls `force`.
 */
export function onStopSignals(force: () => void): StopSignals {
  const controller = new AbortController();
  const { promise: stopped, resolve } = Promise.withResolvers<void>();
  let firstAt: number | undefined;
  const onSignal = () => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      controller.abort(new Error('stopped by a signal'));
      resolve();
    } else if (performance.now() - firstAt > SAME_SIGNAL_MS) {
      force();
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  process.once('disconnect', onSignal);
  process.channel?.unref();
  return { stopping: controller.signal, stopped };
}
