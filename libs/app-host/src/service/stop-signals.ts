/** Where the signals come from; `process`, but for tests. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
}

export interface StopHandlers {
  /** The first SIGTERM or SIGINT: stop gracefully. */
  readonly onStop: (signal: NodeJS.Signals) => void;
  /** Any further one: stop now. */
  readonly onForce: (signal: NodeJS.Signals) => void;
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Two-stage stop. Returns the function that takes its listeners away. */
export function onStopSignals(source: SignalSource, { onStop, onForce }: StopHandlers): () => void {
  let isStopping = false;
  const listeners = SIGNALS.map((signal) => {
    const listener = () => {
      if (isStopping) return onForce(signal);
      isStopping = true;
      onStop(signal);
    };
    source.on(signal, listener);
    return { signal, listener };
  });
  return () => {
    for (const { signal, listener } of listeners) source.off(signal, listener);
  };
}
