// One Lambda execution environment: loads the bundle, then answers invocations. Runs as a worker thread.
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { Context } from 'aws-lambda';
import type { Invocation, ParentMessage, ThreadData, ThreadMessage, ThrownError } from './protocol.ts';
import { installAwslambda, isStreamified, ResponseStream } from './response-stream.ts';

type Handler = (event: unknown, ...rest: [LambdaContext] | [ResponseStream, LambdaContext]) => unknown;
/** Without the callback-style members, which Lambda's Node.js 24 has not either. */
type LambdaContext = Omit<Context, 'done' | 'fail' | 'succeed'>;

const { definition, functionArn, logStream } = workerData as ThreadData;

function tell(message: ThreadMessage): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
  parentPort?.postMessage(message);
}

function describeError(thrown: unknown): ThrownError {
  if (!(thrown instanceof Error)) return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  return { errorType: thrown.name, errorMessage: thrown.message, trace: thrown.stack?.split('\n') ?? [] };
}

function loadHandler(): Handler {
  const exports: unknown = createRequire(definition.bundle)(definition.bundle);
  if (
    typeof exports === 'object' &&
    exports !== null &&
    'handler' in exports &&
    typeof exports.handler === 'function'
  ) {
    return exports.handler as Handler;
  }
  throw new Error(`${definition.bundle} does not export a handler`);
}

function contextOf({ requestId, deadline }: Invocation): LambdaContext {
  return {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: definition.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn,
    memoryLimitInMB: String(definition.memoryMb),
    logGroupName: `/aws/lambda/${definition.name}`,
    logStreamName: logStream,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

interface Streaming {
  readonly stream: ResponseStream;
  taken: () => void;
}

/** The responses that are being streamed, by request. */
const streaming = new Map<string, Streaming>();

function openStream(requestId: string): ResponseStream {
  const stream = new ResponseStream({
    prelude: (payload) => tell({ type: 'prelude', requestId, payload }),
    chunk(bytes, taken) {
      open.taken = taken;
      tell({ type: 'chunk', requestId, bytes });
    },
  });
  const open: Streaming = { stream, taken: () => undefined };
  // An aborted stream is closed without an error: whoever writes to it learns of it.
  stream.on('error', () => undefined);
  streaming.set(requestId, open);
  return stream;
}

async function run(handler: Handler, invocation: Invocation): Promise<unknown> {
  const event: unknown = JSON.parse(invocation.event);
  // Read by the handler when it is called: invocations that overlap do not see each other's.
  if (invocation.traceHeader !== undefined) process.env._X_AMZN_TRACE_ID = invocation.traceHeader;
  if (!isStreamified(handler)) return handler(event, contextOf(invocation));
  const { requestId } = invocation;
  const stream = openStream(requestId);
  try {
    await handler(event, stream, contextOf(invocation));
  } catch (error) {
    // Its client has gone: that is no failure of the function.
    if (!stream.destroyed || stream.writableFinished) throw error;
  } finally {
    streaming.delete(requestId);
  }
  return null;
}

async function answer(handler: Handler, invocation: Invocation): Promise<void> {
  const { requestId } = invocation;
  try {
    const result = await run(handler, invocation);
    tell({ type: 'result', requestId, payload: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    const timestamp = new Date().toISOString();
    const about = { level: 'ERROR', timestamp, service: definition.name, message: 'Invoke Error', requestId };
    console.error(JSON.stringify({ ...about, ...describeError(error) }));
    tell({ type: 'error', requestId, error: describeError(error) });
  }
}

function onMessage(handler: Handler, message: ParentMessage): void {
  if (message.type === 'invoke') return void answer(handler, message);
  const open = streaming.get(message.requestId);
  if (message.type === 'taken') open?.taken();
  else open?.stream.destroy();
}

try {
  installAwslambda();
  const handler = loadHandler();
  parentPort?.on('message', (message: ParentMessage) => onMessage(handler, message));
  tell({ type: 'ready' });
} catch (error) {
  tell({ type: 'init-failed', error: describeError(error) });
}
