import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** What a test sets by hand. Elsewhere the SDK reads it from its own environment (`AWS_ENDPOINT_URL_SQS`, …). */
export interface AwsClientOptions {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly expiration?: Date };
  /** Attempts at a call, the first one included; 3 unless given. */
  readonly maxAttempts?: number;
}

const TRACE_HEADER = 'X-Amzn-Trace-Id';
const CONNECT_MS = 2000;
const REQUEST_MS = 5000;
const S3_REQUEST_MS = 60_000;
const MAX_ATTEMPTS = 3;
const MAX_SOCKETS = 256;

function transport(requestTimeoutMs: number): NodeHttpHandler {
  const agent = { keepAlive: true, maxSockets: MAX_SOCKETS };
  return new NodeHttpHandler({
    connectionTimeout: CONNECT_MS,
    requestTimeout: requestTimeoutMs,
    // Without it a request that takes too long is only warned of.
    throwOnRequestTimeout: true,
    httpAgent: agent,
    httpsAgent: agent,
  });
}

/** Every call ends: 2 s to connect, 5 s for the answer, three attempts. */
export function createDynamoClient(options: AwsClientOptions = {}): DynamoDBDocumentClient {
  const client = new DynamoDBClient({ maxAttempts: MAX_ATTEMPTS, ...options, requestHandler: transport(REQUEST_MS) });
  // Without the second option an object with a key `constructor`, which a client's metadata may have, is refused.
  const marshallOptions = { removeUndefinedValues: true, convertClassInstanceToMap: true };
  return DynamoDBDocumentClient.from(client, { marshallOptions });
}

/** As {@link createDynamoClient}; a long poll sets its own, longer time for the answer. */
export function createSqsClient(options: AwsClientOptions = {}): SQSClient {
  return new SQSClient({
    maxAttempts: MAX_ATTEMPTS,
    ...options,
    requestHandler: transport(REQUEST_MS),
    // The host of a queue URL need not be one that can be reached: emulators put names into it that do not resolve.
    useQueueUrlAsEndpoint: false,
  });
}

function hasHeaders(request: unknown): request is { readonly headers: Record<string, string> } {
  return typeof request === 'object' && request !== null && 'headers' in request;
}

/**
 * As {@link createDynamoClient}.
 * @param traceHeader the value of `X-Amzn-Trace-Id` for a call, by which the topic goes on with the trace of its publisher
 */
export function createSnsClient(options: AwsClientOptions = {}, traceHeader?: () => string | undefined): SNSClient {
  const client = new SNSClient({ maxAttempts: MAX_ATTEMPTS, ...options, requestHandler: transport(REQUEST_MS) });
  if (traceHeader === undefined) return client;
  client.middlewareStack.add(
    (next) => (args) => {
      const header = traceHeader();
      if (header !== undefined && hasHeaders(args.request)) args.request.headers[TRACE_HEADER] = header;
      return next(args);
    },
    { step: 'build', name: 'traceHeader' },
  );
  return client;
}

/** As {@link createDynamoClient}, but 60 s for the answer: bodies are large. */
export function createS3Client(options: AwsClientOptions = {}): S3Client {
  return new S3Client({ maxAttempts: MAX_ATTEMPTS, ...options, requestHandler: transport(S3_REQUEST_MS) });
}
