import { createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call to AWS as it goes by. */
export interface AwsCall {
  readonly service: 'dynamodb' | 'sqs' | 'sns' | 's3';
  /** `UpdateItem`, `ReceiveMessage`, `Publish`, `PUT`, … */
  readonly operation: string;
  readonly path: string;
  readonly body: string;
}

/**
 * What becomes of a call. `failed` and `throttled` never reach the service; `unanswered` neither, and the connection stays
 * half-open; `withheld` is done, but its answer never comes.
 */
export type CallFate = 'passed' | 'failed' | 'throttled' | 'unanswered' | 'withheld';

export type Rule = (call: AwsCall) => CallFate;

async function read(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function callOf({ method = '', url: path = '/', headers }: IncomingMessage, body: Buffer): AwsCall {
  const target = String(headers['x-amz-target'] ?? '');
  const text = body.toString('latin1');
  if (target.startsWith('DynamoDB'))
    return { service: 'dynamodb', operation: target.split('.')[1] ?? '', path, body: text };
  if (target.startsWith('AmazonSQS'))
    return { service: 'sqs', operation: target.split('.')[1] ?? '', path, body: text };
  const action = /(?:^|&)Action=(\w+)/.exec(text)?.[1];
  if (action !== undefined) return { service: 'sns', operation: action, path, body: text };
  return { service: 's3', operation: method, path, body: '' };
}

function refuse(response: ServerResponse, { service }: AwsCall, isThrottled: boolean): void {
  const isJson = service === 'dynamodb' || service === 'sqs';
  const name = isThrottled ? 'ThrottlingException' : 'InternalServerError';
  const error = `<Error><Type>Receiver</Type><Code>${isThrottled ? 'Throttling' : 'InternalError'}</Code></Error>`;
  const xml = service === 's3' ? error : `<ErrorResponse>${error}</ErrorResponse>`;
  response.writeHead(isThrottled ? (isJson ? 400 : 429) : 500, {
    'content-type': isJson ? 'application/x-amz-json-1.0' : 'application/xml',
  });
  response.end(isJson ? JSON.stringify({ __type: name, message: name }) : xml);
}

function forward(
  endpoint: string,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<IncomingMessage> {
  const { 'transfer-encoding': _chunked, expect: _expect, ...headers } = request.headers;
  return new Promise((resolve, reject) => {
    const onward = httpRequest(
      new URL(request.url ?? '/', endpoint),
      { method: request.method ?? 'GET', headers: { ...headers, 'content-length': body.byteLength } },
      resolve,
    );
    // A client that was killed ends its long poll.
    response.once('close', () => onward.destroy());
    onward.once('error', reject);
    onward.end(body);
  });
}

/** A proxy between a worker and an AWS endpoint that decides the fate of each call. */
export async function startFaultProxy(endpoint: string, ruleOf: () => Rule) {
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request);
    const call = callOf(request, body);
    const fate = ruleOf()(call);
    if (fate === 'unanswered') return;
    if (fate === 'failed' || fate === 'throttled') return refuse(response, call, fate === 'throttled');
    const answer = await forward(endpoint, request, body, response);
    const content = await read(answer);
    if (fate === 'withheld') return;
    const { 'transfer-encoding': _chunked, ...headers } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, { ...headers, 'content-length': content.byteLength });
    response.end(content);
  }
  const server = createServer((request, response) => {
    // Either side may have gone away.
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
