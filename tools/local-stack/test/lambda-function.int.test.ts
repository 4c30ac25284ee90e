import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { waitFor } from '@afterimage/testing';
import { aFunction, temporaryFolder } from './bundles.ts';

const COUNTER = 'let calls = 0; exports.handler = async () => ++calls;';

/** Throws, ends its process, waits for a file or for ever, as the event asks for; else counts its calls. */
const ANYTHING = `
  let calls = 0;
  const { existsSync } = require('node:fs');
  const { setTimeout: pause } = require('node:timers/promises');
  exports.handler = async ({ act, file }) => {
    calls += 1;
    if (act === 'throw') throw new TypeError('no such thing');
    if (act === 'crash') setImmediate(() => { throw new Error('out of the blue'); });
    if (act === 'exit') process.exit(3);
    if (act === 'reject') void Promise.reject(new Error('nobody listens'));
    while (act !== undefined && !existsSync(file ?? '')) await pause(10);
    return calls;
  };
`;

describe('a function', () => {
  it('gets the event and a real context', async () => {
    const lambda = aFunction(
      `exports.handler = async (event, context) => ({
        event,
        name: context.functionName,
        arn: context.invokedFunctionArn,
        memory: context.memoryLimitInMB,
        requestId: context.awsRequestId,
        remaining: context.getRemainingTimeInMillis(),
      });`,
      { timeoutMs: 5000 },
    );

    const first = (await lambda.invoke({ a: [1, 'ü'] })) as Record<string, unknown>;
    const second = (await lambda.invoke({})) as Record<string, unknown>;

    expect(first).toMatchObject({
      event: { a: [1, 'ü'] },
      name: 'fixture',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:fixture',
      memory: '128',
    });
    expect(first.remaining).toBeGreaterThan(3000);
    expect(first.remaining).toBeLessThanOrEqual(5000);
    expect(second.requestId).not.toBe(first.requestId);
  });

  it('sees its own variables and those of Lambda, and nothing of this process', async () => {
    vi.stubEnv('AWS_PROFILE', 'somebody');
    const lambda = aFunction('exports.handler = async () => process.env;', { env: { JOB_TABLE: 'jobs' } });

    const env = await lambda.invoke({});

    expect(env).toMatchObject({ JOB_TABLE: 'jobs', AWS_LAMBDA_FUNCTION_NAME: 'fixture', AWS_REGION: 'us-east-1' });
    expect(env).not.toHaveProperty('AWS_PROFILE');
  });

  it('keeps the state of its module between invocations, apart from other functions', async () => {
    const [one, other] = [aFunction(COUNTER), aFunction(COUNTER)];

    expect([await one.invoke({}), await one.invoke({}), await other.invoke({})]).toEqual([1, 2, 1]);
  });

  it('runs as many invocations at a time as it may', async () => {
    const lambda = aFunction(
      `let now = 0; let most = 0;
       exports.handler = async () => {
         most = Math.max(most, ++now);
         await new Promise((resolve) => setTimeout(resolve, 30));
         now -= 1;
         return most;
       };`,
      { maxConcurrency: 3 },
    );

    const results = await Promise.all(Array.from({ length: 9 }, () => lambda.invoke({})));

    expect(Math.max(...(results as number[]))).toBe(3);
  });

  it('fails with the error that the handler threw, and lives on', async () => {
    const lambda = aFunction(ANYTHING);

    await expect(lambda.invoke({ act: 'throw' })).rejects.toMatchObject({
      code: 'unhandled',
      message: 'no such thing',
    });

    expect(await lambda.invoke({})).toBe(2);
  });

  it.each(['crash', 'exit', 'reject'])('fails what runs on a %s, and starts afresh', async (act) => {
    const lambda = aFunction(ANYTHING);
    const [other, crashed] = [lambda.invoke({ act: 'wait' }), lambda.invoke({ act })];

    await expect(crashed).rejects.toMatchObject({ code: 'crashed' });
    await expect(other).rejects.toMatchObject({ code: 'crashed' });

    expect(await lambda.invoke({})).toBe(1);
  });

  it('times out, lets what else runs finish, and starts afresh', async () => {
    const timeoutMs = 2000;
    const file = join(temporaryFolder(), 'go-on');
    const lambda = aFunction(ANYTHING, { timeoutMs });
    await lambda.warmUp();
    const startedAt = performance.now();
    const late = lambda.invoke({ act: 'wait' });
    const timedOut = late.catch((error: unknown) => error);
    await waitFor(() => performance.now() - startedAt > timeoutMs / 2);
    const running = lambda.invoke({ act: 'wait', file });

    expect(await timedOut).toMatchObject({ code: 'timeout', message: expect.stringContaining('2.00 s') });
    expect(await lambda.invoke({})).toBe(1);
    writeFileSync(file, '');

    expect(await running).toBe(2);
  });

  it.each([
    ['that throws', 'throw new Error("no config");', /fixture cannot be loaded: no config/],
    ['without a handler', 'exports.other = 1;', /does not export a handler/],
  ])('cannot be warmed up or invoked from a bundle %s', async (_what, source, message) => {
    const lambda = aFunction(source);

    await expect(lambda.warmUp()).rejects.toThrow(message);
    await expect(lambda.invoke({})).rejects.toMatchObject({ code: 'init-failed' });
  });

  it('takes and gives 6 MB at most', async () => {
    const lambda = aFunction('exports.handler = async ({ bytes }) => "x".repeat(bytes ?? 0);');
    const tooMuch = 6 * 1024 * 1024;

    await expect(lambda.invoke({ text: 'x'.repeat(tooMuch) })).rejects.toMatchObject({ code: 'request-too-large' });
    await expect(lambda.invoke({ bytes: tooMuch })).rejects.toMatchObject({ code: 'response-too-large' });
    expect(await lambda.invoke({ bytes: 3 })).toBe('xxx');
  });

  it('gives null for nothing', async () => {
    expect(await aFunction('exports.handler = async () => {};').invoke({})).toBeNull();
  });

  it('fails what runs when it is stopped, and refuses more', async () => {
    const lambda = aFunction(ANYTHING);
    await lambda.warmUp();
    const running = lambda.invoke({ act: 'wait' });
    const failure = running.catch((error: unknown) => error);

    await lambda.stop();

    expect(await failure).toMatchObject({ code: 'stopped' });
    await expect(lambda.invoke({})).rejects.toMatchObject({ code: 'stopped' });
  });

  it('logs what it writes and how it failed', async () => {
    const lambda = aFunction('exports.handler = async () => { console.log("hello"); throw new Error("broken"); };');

    await lambda.invoke({}).catch(() => undefined);

    await vi.waitFor(() => expect(readFileSync(lambda.logFile, 'utf8')).toMatch(/hello\n.*Invoke Error.*broken/));
  });
});
