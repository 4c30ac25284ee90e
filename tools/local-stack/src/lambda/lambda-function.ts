import { randomUUID } from 'node:crypto';
import type { FunctionDefinition } from './definition.ts';
import { startEnvironment, type Environment } from './environment.ts';
import { FunctionError } from './function-error.ts';
import type { FunctionLog } from './function-log.ts';
import { makeSlots } from './slots.ts';

/** Lambda's limit on the JSON of a synchronous request, and of its response. */
const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;

export interface LambdaFunction {
  readonly name: string;
  /** Loads the bundle ahead of the first invocation. @throws FunctionError */
  warmUp(): Promise<void>;
  /** The result as its JSON reads. @throws FunctionError */
  invoke(event: unknown): Promise<unknown>;
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

  async function invoke(event: unknown): Promise<unknown> {
    const request = JSON.stringify(event);
    if (Buffer.byteLength(request) > MAX_PAYLOAD_BYTES) {
      throw new FunctionError('request-too-large', `the request to ${name} is over ${MAX_PAYLOAD_BYTES} bytes`);
    }
    const response = await slots.run(() => environment().invoke(randomUUID(), request));
    if (Buffer.byteLength(response) > MAX_PAYLOAD_BYTES) {
      throw new FunctionError('response-too-large', `the response of ${name} is over ${MAX_PAYLOAD_BYTES} bytes`);
    }
    return JSON.parse(response) as unknown;
  }

  return {
    name,
    warmUp: async () => environment().ready,
    invoke,
    stop: async () => {
      isStopped = true;
      await Promise.all([...alive].map((each) => each.stop()));
      await log.close();
    },
  };
}
