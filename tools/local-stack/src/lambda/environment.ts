import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { functionArn, lambdaVariables, type FunctionDefinition } from './definition.ts';
import { FunctionError } from './function-error.ts';
import type { FunctionLog } from './function-log.ts';
import { type FunctionStream, receiveStream, type Receiver } from './function-stream.ts';
import type { ParentMessage, ThreadData, ThreadMessage } from './protocol.ts';

/** One worker thread with the bundle loaded. Module state and crashes stay inside. */
export interface Environment {
  /** Resolves once the bundle is loaded. @throws FunctionError `init-failed` or `crashed` */
  readonly ready: Promise<void>;
  /** Whether it takes invocations: not after a crash or a timeout. After a timeout, those that run may finish. */
  readonly isUsable: boolean;
  /** The JSON of the result. @throws FunctionError */
  invoke(requestId: string, event: string, traceHeader?: string): Promise<string>;
  /** The response of a function that streams, when its head is there. @throws FunctionError */
  invokeStreaming(requestId: string, event: string, traceHeader?: string): Promise<FunctionStream>;
  /** Resolves when the thread is gone. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

const INIT_TIMEOUT_MS = 30_000;

export function startEnvironment(definition: FunctionDefinition, log: FunctionLog): Environment {
  const logStream = `local/[$LATEST]${randomUUID().replaceAll('-', '')}`;
  const { name, bundle, memoryMb } = definition;
  const worker = new Worker(new URL('environment-thread.ts', import.meta.url), {
    workerData: {
      definition: { name, bundle, memoryMb },
      functionArn: functionArn(name),
      logStream,
    } satisfies ThreadData,
    env: { ...definition.env, ...lambdaVariables(definition, logStream) },
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  log.append(worker.stdout);
  log.append(worker.stderr);

  const pending = new Map<string, Receiver>();
  const { promise: ready, resolve: resolveReady, reject: rejectReady } = Promise.withResolvers<void>();
  // An environment is started ahead of its first invocation, which then gets the error.
  ready.catch(() => undefined);
  let isUsable = true;

  function fail(error: FunctionError): void {
    isUsable = false;
    rejectReady(error);
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  }

  let terminated: Promise<number> | undefined;

  function terminate(): Promise<number> {
    return (terminated ??= worker.terminate());
  }

  function endWhenIdle(): void {
    if (!isUsable && pending.size === 0) void terminate();
  }

  function onMessage(message: ThreadMessage): void {
    if (message.type === 'ready') return resolveReady();
    if (message.type === 'init-failed') {
      log.write(`init failed: ${message.error.trace.join('\n')}`);
      fail(new FunctionError('init-failed', `${name} cannot be loaded: ${message.error.errorMessage}`));
      return endWhenIdle();
    }
    pending.get(message.requestId)?.receive(message);
  }

  worker.on('message', onMessage);
  worker.on('error', (error: unknown) => {
    log.write(`environment crashed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    fail(new FunctionError('crashed', `${name} crashed: ${error instanceof Error ? error.message : String(error)}`));
  });
  const ended = new Promise<void>((resolve) => {
    worker.on('exit', (code) => {
      fail(new FunctionError('crashed', `${name} ended with exit code ${code}`));
      resolve();
    });
  });
  const initTimer = setTimeout(() => {
    fail(new FunctionError('init-failed', `${name} was not loaded within ${INIT_TIMEOUT_MS / 1000} s`));
    endWhenIdle();
  }, INIT_TIMEOUT_MS);
  const clearInitTimer = () => clearTimeout(initTimer);
  ready.then(clearInitTimer, clearInitTimer);

  function send(message: ParentMessage): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
    worker.postMessage(message);
  }

  /** Starts the invocation. @returns what is to be called when it is over */
  async function begin(
    requestId: string,
    { event, traceHeader }: { readonly event: string; readonly traceHeader: string | undefined },
    receiver: Receiver,
  ): Promise<() => void> {
    await ready;
    if (!isUsable) throw new FunctionError('crashed', `${name} ended before the invocation`);
    pending.set(requestId, receiver);
    const timer = setTimeout(() => {
      const message = `Task timed out after ${(definition.timeoutMs / 1000).toFixed(2)} seconds`;
      log.write(`${requestId} ${message}`);
      isUsable = false;
      receiver.reject(new FunctionError('timeout', `${requestId} ${message}`));
    }, definition.timeoutMs);
    send({ type: 'invoke', requestId, event, traceHeader, deadline: Date.now() + definition.timeoutMs });
    return () => {
      clearTimeout(timer);
      pending.delete(requestId);
      endWhenIdle();
    };
  }

  async function invoke(requestId: string, event: string, traceHeader?: string): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const end = await begin(
      requestId,
      { event, traceHeader },
      {
        reject,
        receive(message) {
          if (message.type === 'result') resolve(message.payload);
          if (message.type === 'error') reject(new FunctionError('unhandled', message.error.errorMessage));
        },
      },
    );
    try {
      return await promise;
    } finally {
      end();
    }
  }

  async function invokeStreaming(requestId: string, event: string, traceHeader?: string): Promise<FunctionStream> {
    const receiver = receiveStream({
      taken: () => send({ type: 'taken', requestId }),
      abort: () => send({ type: 'abort', requestId }),
    });
    const end = await begin(requestId, { event, traceHeader }, receiver);
    void receiver.closed.then(end);
    return receiver.head;
  }

  return {
    ready,
    get isUsable() {
      return isUsable;
    },
    invoke,
    invokeStreaming,
    ended,
    stop: async () => {
      fail(new FunctionError('stopped', `${name} was stopped`));
      await terminate();
    },
  };
}
