import { toTraceHeader } from '../traceparent.ts';
import { blameOf, type OpenSegment, type SegmentFields } from './segment.ts';

/** Goes on with a call: the rest of the SDK's stack. */
export type CallHandler = (call: { readonly input: object; readonly request: unknown }) => Promise<{
  readonly output: unknown;
}>;
export type CallMiddleware = (
  next: CallHandler,
  context: { readonly clientName?: string; readonly commandName?: string },
) => CallHandler;

/** A client of AWS SDK v3, as far as calls are traced. */
export interface SdkClient {
  readonly middlewareStack: {
    add(middleware: CallMiddleware, options: { readonly step: 'build'; readonly name: string }): void;
  };
}

/** Inputs that say what a call is about, by the name that X-Ray knows them by. None is a client's own. */
const RESOURCES = { TableName: 'table_name', TopicArn: 'topic_arn', QueueUrl: 'queue_url', Bucket: 'bucket_name' };
const TRACE_HEADER = 'X-Amzn-Trace-Id';
const THROTTLED = /Throttl|TooManyRequests|LimitExceeded|ThroughputExceeded/;

function hasHeaders(request: unknown): request is { readonly headers: Record<string, string> } {
  return typeof request === 'object' && request !== null && 'headers' in request;
}

function resourceOf(input: object): Record<string, unknown> {
  const named = Object.entries(RESOURCES).map(([field, name]) => [name, Reflect.get(input, field)] as const);
  return Object.fromEntries(named.filter(([, value]) => value !== undefined));
}

/** @param answered what an answer or an error of the SDK says of its request */
function ofAnswer(aws: Readonly<Record<string, unknown>>, answered: unknown): SegmentFields {
  if (typeof answered !== 'object' || answered === null) return { aws };
  const metadata: unknown = Reflect.get(answered, '$metadata');
  if (typeof metadata !== 'object' || metadata === null) return { aws };
  const read = (name: string): unknown => Reflect.get(metadata, name);
  const [status, attempts] = [read('httpStatusCode'), read('attempts')];
  return {
    aws: { ...aws, request_id: read('requestId'), ...(typeof attempts === 'number' ? { retries: attempts - 1 } : {}) },
    ...(typeof status === 'number' ? { http: { response: { status } } } : {}),
  };
}

function ofError(error: unknown, status = 500): SegmentFields {
  const isThrottled = error instanceof Error && THROTTLED.test(error.name);
  return { ...blameOf(status), ...(isThrottled ? { throttle: true } : {}) };
}

/**
 * Makes a subsegment of each call of the client, and names it to the service that is called.
 * @param open begins the subsegment; undefined where nothing is traced
 */
export function traceCalls(client: SdkClient, open: (name: string) => OpenSegment | undefined): void {
  const middleware: CallMiddleware =
    (next, { clientName = '', commandName = '' }) =>
    async (args) => {
      const call = open(clientName.replace(/Client$/, ''));
      if (call === undefined) return next(args);
      if (hasHeaders(args.request)) args.request.headers[TRACE_HEADER] = toTraceHeader(call.place);
      const aws = { operation: commandName.replace(/Command$/, ''), ...resourceOf(args.input) };
      try {
        const answer = await next(args);
        call.tell({ namespace: 'aws', ...ofAnswer(aws, answer.output) });
        return answer;
      } catch (error) {
        const fields = ofAnswer(aws, error);
        call.tell({ namespace: 'aws', ...fields, ...ofError(error, fields.http?.response.status) });
        call.annotate({ errorType: error instanceof Error ? error.name : typeof error });
        throw error;
      } finally {
        call.close();
      }
    };
  client.middlewareStack.add(middleware, { step: 'build', name: 'traceCalls' });
}
