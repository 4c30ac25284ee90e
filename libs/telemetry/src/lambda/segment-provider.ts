import type { Tracer } from '@aws-lambda-powertools/tracer';
import type { Annotations, OpenSegment } from './segment.ts';
import { type SdkClient, traceCalls } from './trace-calls.ts';

type Provider = Tracer['provider'];

/** Where segments come from. */
export interface SegmentSource {
  readonly current: () => OpenSegment | undefined;
  /** Begins a part of the current one; undefined outside of a trace. */
  readonly open: (name: string) => OpenSegment | undefined;
}

function isSdkClient(client: unknown): client is SdkClient {
  return typeof client === 'object' && client !== null && 'middlewareStack' in client;
}

/**
 * What Powertools' tracer does its work by, in place of the X-Ray SDK. The SDK's own segments, which the tracer hands out and takes, are not there:
 * a segment is opened and ended by {@link LambdaTracing} alone.
 */
export function segmentProvider({ current, open }: SegmentSource): Provider {
  const note = (annotations: Annotations) => current()?.annotate(annotations);
  const nothing = () => undefined;
  const untouched = <T>(client: T): T => client;
  return {
    captureAWSv3Client(client) {
      if (isSdkClient(client)) traceCalls(client, open);
      return client;
    },
    putAnnotation: (key, value) => note({ [key]: value }),
    putMetadata: nothing,
    captureAsyncFunc: (_name, work) => work(),
    captureFunc: (_name, work) => work(),
    captureAWS: untouched,
    captureAWSClient: untouched,
    captureHTTPsGlobal: nothing,
    instrumentFetch: nothing,
    getSegment: nothing,
    setSegment: nothing,
    setLogger: nothing,
    setDaemonAddress: nothing,
    setContextMissingStrategy: nothing,
    getNamespace() {
      throw new Error('the context of a trace is kept by AsyncLocalStorage');
    },
  };
}
