import type { TraceTree } from '@afterimage/telemetry/trace-tree';

/** Where the traces are. */
export interface TraceStore {
  /** @param traceId in X-Ray's form; undefined when nothing is known of it. @throws DependencyUnavailableError */
  get(traceId: string): Promise<TraceTree | undefined>;
}

/** Where none are kept. */
export const NO_TRACES: TraceStore = { get: () => Promise.resolve(undefined) };
