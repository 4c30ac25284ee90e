import { randomUUID } from 'node:crypto';
import type { FunctionDefinition } from './definition.ts';
import { startEnvironment, type Environment } from './environment.ts';
import { FunctionError } from './function-error.ts';
import type { FunctionLog } from './function-log.ts';
import type { FunctionStream } from './function-stream.ts';
import { makeSlots } from './slots.ts';

/** Lambda's limit on the JSON of a synchronous request, and of its response. */
const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;

export interface LambdaFunction {
  readonly name: string;
  /** Loads the bundle ahead of the first invocation. @throws FunctionError */
  warmUp(): Promise<void>;
  /** The result as its JSON reads. @throws FunctionError */
  invoke(event: unknown, traceHeader?: string): Promise<unknown>;
  /** The streamed response, when its status and headers are there; its body has no limit. @throws FunctionError */
  invokeStreaming(event: unknown, traceHeader?: string): Promise<FunctionStream>;
  stop(): Promise<void>;
}

/**
 * A function with one environment at a time. After a crash or a timeout the next invocation starts a fresh one.
 * Unlike on AWS, invocations overlap inside the environment, up to the limit of the definition.
 */
export function makeLambdaFunction(definition: FunctionDefinition, log: FunctionLog): LambdaFunction {
  const { name } = definition;
  const slots = makeSlots(definition.maxConcurrency);
  const alive = new Set<Environment>();
  let current: Environment | undefined;
  let isStopped = false;

  function environment(): Environment {
    if (isStopped) throw new FunctionError('stopped', `${name} was stopped`);
    if (current?.isUsable === true) return current;
    const fresh = startEnvironment(definition, log);
    alive.add(fresh);
    void fresh.ended.then(() => alive.delete(fresh));
    current = fresh;
    return fresh;
  }

  function encode(event: unknown): string {
    const request = JSON.stringify(event);
    if (Buffer.byteLength(request) <= MAX_PAYLOAD_BYTES) return request;
    throw new FunctionError('request-too-large', `the request to ${name} is over ${MAX_PAYLOAD_BYTES} bytes`);
  }

  /** The slot is free again when the response is over. */
  async function invokeStreaming(event: unknown, traceHeader?: string): Promise<FunctionStream> {
    const request = encode(event);
    const { promise: head, resolve, reject } = Promise.withResolvers<FunctionStream>();
    slots
      .run(async () => {
        const stream = await environment().invokeStreaming(randomUUID(), request, traceHeader);
        resolve(stream);
        await new Promise<void>((over) => stream.body.once('close', over));
      })
      .catch(reject);
    return head;
  }

  async function invoke(event: unknown, traceHeader?: string): Promise<unknown> {
    const request = encode(event);
    const response = await slots.run(() => environment().invoke(randomUUID(), request, traceHeader));
    if (Buffer.byteLength(response) > MAX_PAYLOAD_BYTES) {
      throw new FunctionError('response-too-large', `the response of ${name} is over ${MAX_PAYLOAD_BYTES} bytes`);
    }
    return JSON.parse(response) as unknown;
  }

  return {
    name,
    warmUp: async () => environment().ready,
    invoke,
    invokeStreaming,
    stop: async () => {
      isStopped = true;
      await Promise.all([...alive].map((each) => each.stop()));
      await log.close();
    },
  };
}
