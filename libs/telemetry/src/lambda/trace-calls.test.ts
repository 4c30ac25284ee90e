import { describe, expect, it } from 'vitest';
import { readTraceHeader } from '../traceparent.ts';
import { openSegment } from './segment.ts';
import { type CallHandler, type CallMiddleware, traceCalls } from './trace-calls.ts';

const PARENT = { traceId: '5759e988bd862e3fe1be46a994272793', spanId: '53995c3f42cd8ad8', isSampled: true };

/** Makes a call of a client as the SDK does: through the middleware that was added to it. */
async function called(input: object, answer: CallHandler, parent: typeof PARENT | undefined) {
  const documents: Readonly<Record<string, unknown>>[] = [];
  const added: CallMiddleware[] = [];
  const middlewareStack = { add: (middleware: CallMiddleware) => void added.push(middleware) };
  const send = (document: Readonly<Record<string, unknown>>) => void documents.push(document);
  traceCalls({ middlewareStack }, (name) => parent && openSegment(name, 'subsegment', { parent, send }));
  const [middleware] = added;
  if (middleware === undefined) throw new TypeError('no middleware');
  const context = { clientName: 'DynamoDBClient', commandName: 'GetItemCommand' };
  const headers: Record<string, string> = {};
  const result = middleware(answer, context)({ input, request: { headers } });
  const error = await result.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { documents, headers, error };
}

const INPUT = { TableName: 'jobs', Key: { pk: { S: 'TENANT#secret' } } };

const answered: CallHandler = async () => ({
  output: { $metadata: { httpStatusCode: 200, requestId: 'r-1', attempts: 2 } },
});

const failing = (name: string, httpStatusCode: number | undefined) => () =>
  Promise.reject(
    Object.assign(new Error('the item of a client'), { name, $metadata: { httpStatusCode, attempts: 1 } }),
  );

describe('a call of AWS', () => {
  it('is a subsegment that says what was called, and goes on in the service', async () => {
    const { documents, headers } = await called(INPUT, answered, PARENT);

    expect(documents).toMatchObject([
      {
        name: 'DynamoDB',
        namespace: 'aws',
        parent_id: PARENT.spanId,
        aws: { operation: 'GetItem', table_name: 'jobs', request_id: 'r-1', retries: 1 },
        http: { response: { status: 200 } },
      },
    ]);
    expect(readTraceHeader(headers['X-Amzn-Trace-Id'])).toEqual({ ...PARENT, spanId: documents[0]?.id });
    expect(JSON.stringify(documents)).not.toContain('secret');
  });

  it.each([
    ['refused', 'ConditionalCheckFailedException', 400, { error: true }],
    ['throttled', 'ThrottlingException', 400, { error: true, throttle: true }],
    ['one too many', 'SlowDown', 429, { error: true, throttle: true }],
    ['failed by the service', 'InternalServerError', 500, { fault: true }],
    ['never answered', 'TimeoutError', undefined, { fault: true }],
  ])('that is %s tells so by the name of the error', async (_what, name, status, flags) => {
    const { documents, error } = await called(INPUT, failing(name, status), PARENT);

    expect(error).toMatchObject({ name });
    const { fault, error: isError, throttle } = documents[0] ?? {};
    expect({ fault, error: isError, throttle }).toEqual({
      fault: undefined,
      error: undefined,
      throttle: undefined,
      ...flags,
    });
    expect(documents[0]).toMatchObject({ annotations: { errorType: name } });
    expect(JSON.stringify(documents)).not.toContain('client');
  });

  it('is left alone where nothing is traced', async () => {
    const { documents, headers } = await called(INPUT, answered, undefined);

    expect(documents).toEqual([]);
    expect(headers).toEqual({});
  });
});
