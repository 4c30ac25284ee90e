// Invokes a function and the bare handler that makes the same calls, in turns, in one process; started by warm.ts.
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { fakeAwslambda, invokeStreaming } from '@afterimage/testing';
import * as z from 'zod';
import { callSchema } from './call.ts';
import { ofAnotherJob } from './invocations.ts';
import { installRecorder } from './record-calls.ts';

const askSchema = z.object({
  bundle: z.string(),
  bare: z.string(),
  event: z.unknown(),
  isStreaming: z.boolean(),
  /** Of a create: only then are there jobs of which each call needs another one. */
  makesJobs: z.boolean(),
  runs: z.int(),
});
const WARM_UP = 50;
const RECORDED = 9;
const CONTEXT = { functionName: 'bench', getRemainingTimeInMillis: () => 29_000 };
const groupsSchema = z.array(z.array(callSchema));

const callsOf = installRecorder();
Object.assign(globalThis, { awslambda: fakeAwslambda });
const load = createRequire(import.meta.url);
const ask = askSchema.parse(JSON.parse(process.argv[2] ?? ''));

function handlerOf(file: string): (...args: unknown[]) => Promise<unknown> {
  const { handler } = z.looseObject({ handler: z.function() }).parse(load(file));
  return async (...args) => Reflect.apply(handler, undefined, args);
}

const handler = handlerOf(ask.bundle);
const bare = handlerOf(ask.bare);

async function invoke(): Promise<void> {
  if (!ask.isStreaming) {
    const { statusCode = 200 } = z
      .looseObject({ statusCode: z.int().optional() })
      .parse((await handler(ask.event, CONTEXT)) ?? {});
    if (statusCode >= 400) throw new Error(`the function answers ${statusCode}`);
    return;
  }
  const answer = invokeStreaming(handler, ask.event, CONTEXT);
  const { statusCode } = await answer.prelude;
  await answer.text();
  if (statusCode >= 400) throw new Error(`the function answers ${statusCode}`);
}

/** The calls of an ordinary invocation: of several, the one with the middle number of them. */
async function recorded(): Promise<string> {
  const all: string[] = [];
  for (let index = 0; index < RECORDED; index++) {
    all.push(JSON.stringify(await callsOf(invoke)));
  }
  return all.toSorted((a, b) => a.length - b.length)[Math.floor(RECORDED / 2)] ?? '[]';
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

for (let index = 0; index < WARM_UP; index++) await invoke();
const calls = await recorded();
const next = () => groupsSchema.parse(JSON.parse(ask.makesJobs ? ofAnotherJob(calls, randomBytes(16)) : calls));
for (let index = 0; index < WARM_UP; index++) await bare(next());

const times: number[] = [];
const bareTimes: number[] = [];
for (let index = 0; index < ask.runs; index++) {
  times.push(await timed(invoke));
  const groups = next();
  bareTimes.push(await timed(() => bare(groups)));
}
process.send?.({ times, bareTimes, calls: groupsSchema.parse(JSON.parse(calls)).flat().length }, () => process.exit());
