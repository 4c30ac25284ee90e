import middy from '@middy/core';
import type { Telemetry } from '@afterimage/telemetry';
import type { LambdaTracing } from '@afterimage/telemetry/lambda';

export interface ScheduledHandlerOptions<T> {
  readonly telemetry: Telemetry;
  readonly tracing: LambdaTracing;
  /** Runs once; `remainingMs` tells how long the invocation may still last. What it returns is the function's result. */
  readonly run: (remainingMs: () => number) => Promise<T>;
}

/** The handler of a Lambda on a schedule. The event's content does not matter. */
export function scheduledHandler<T>({ telemetry, tracing, run }: ScheduledHandlerOptions<T>) {
  const flush = () => telemetry.metrics.flush();
  return tracing.handler(
    middy<unknown, T>()
      .use(tracing.middleware)
      .use({ after: flush, onError: flush })
      .handler((_event, context) => run(() => context.getRemainingTimeInMillis())),
  );
}
