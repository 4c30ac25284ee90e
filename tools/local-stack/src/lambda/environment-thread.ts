// One Lambda execution environment: loads the bundle, then answers invocations. Runs as a worker thread.
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { Context } from 'aws-lambda';
import type { Invocation, ThreadData, ThreadMessage, ThrownError } from './protocol.ts';

type Handler = (event: unknown, context: LambdaContext) => unknown;
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

async function answer(handler: Handler, invocation: Invocation): Promise<void> {
  const { requestId } = invocation;
  try {
    const result = await handler(JSON.parse(invocation.event), contextOf(invocation));
    tell({ type: 'result', requestId, payload: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    console.error(JSON.stringify({ level: 'ERROR', message: 'Invoke Error', requestId, ...describeError(error) }));
    tell({ type: 'error', requestId, error: describeError(error) });
  }
}

try {
  const handler = loadHandler();
  parentPort?.on('message', (invocation: Invocation) => void answer(handler, invocation));
  tell({ type: 'ready' });
} catch (error) {
  tell({ type: 'init-failed', error: describeError(error) });
}
