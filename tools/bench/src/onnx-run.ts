import { type ChildProcess, fork } from 'node:child_process';
import { on } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

export interface OnnxSettings {
  /** Folder of the model. */
  readonly directory: string;
  readonly threads: number;
  /** Width and height of the pictures, in pixels. */
  readonly side: number;
  readonly steps: number;
  /** Pictures that are measured, after one that is not. */
  readonly pictures: number;
}

export interface OnnxRun {
  readonly msPerStep: number;
  /** Prompts, steps and decoding. */
  readonly msPerPicture: number;
  /** Of the time of the pictures, what no network's own run took. */
  readonly shareOutsideSessions: number;
  readonly loadMs: number;
  /** Of the process that holds the networks. */
  readonly peakRssMb: number;
}

const PROCESS = fileURLToPath(new URL('../../../dist/apps/gpu-worker/engines/onnx/onnx-process.mjs', import.meta.url));
const MEMORY_BYTES = 64e9;

const timings = z.object({ totalMs: z.number(), runMs: z.number(), loadMs: z.number() });
const replySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('loaded') }),
  z.object({ kind: z.literal('step'), step: z.number() }),
  z.object({ kind: z.literal('done'), timings }),
  z.object({ kind: z.literal('failed'), message: z.string() }),
]);

function start(threads: number): ChildProcess {
  const settings = { threads, providers: ['cpu'], memoryBytes: MEMORY_BYTES, decodeBytes: MEMORY_BYTES };
  return fork(PROCESS, [JSON.stringify(settings)], { serialization: 'advanced', execArgv: [] });
}

interface Picture {
  readonly timings: z.infer<typeof timings>;
  /** From the end of the first step to the end of the last one. */
  readonly stepsMs: number;
}

async function makePicture(
  child: ChildProcess,
  { directory, side, steps }: OnnxSettings,
  seed: number,
): Promise<Picture> {
  const order = {
    prompt: 'a photo of a cat by the sea, (detailed:1.2)',
    negativePrompt: 'dark, small',
    width: side,
    height: side,
    steps,
    guidance: 7,
    sampler: 'euler_a',
    seed,
  };
  const replies = on(child, 'message', { close: ['close'] });
  child.send({ kind: 'paint', directory, order });
  let [firstMs, lastMs] = [0, 0];
  for await (const [message] of replies) {
    const reply = replySchema.parse(message);
    if (reply.kind === 'failed') throw new Error(reply.message);
    if (reply.kind === 'done') return { timings: reply.timings, stepsMs: lastMs - firstMs };
    if (reply.kind !== 'step') continue;
    lastMs = performance.now();
    if (reply.step === 1) firstMs = lastMs;
  }
  throw new Error('the process ended in the midst of a picture');
}

function peakRssMb(pid: number): number {
  const [, kilobytes = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}

/** Makes pictures in the built process that the worker makes them in. Memory is read from `/proc`. */
export async function runOnnx(settings: OnnxSettings): Promise<OnnxRun> {
  const child = start(settings.threads);
  try {
    const warm = await makePicture(child, settings, 0);
    const made: Picture[] = [];
    for (let seed = 1; seed <= settings.pictures; seed += 1) made.push(await makePicture(child, settings, seed));
    const sum = (of: (picture: Picture) => number) => made.reduce((total, each) => total + of(each), 0);
    const totalMs = sum(({ timings: { totalMs: ms } }) => ms);
    return {
      msPerStep: sum(({ stepsMs }) => stepsMs) / (settings.pictures * (settings.steps - 1)),
      msPerPicture: totalMs / settings.pictures,
      shareOutsideSessions: 1 - sum(({ timings: { runMs } }) => runMs) / totalMs,
      loadMs: warm.timings.loadMs,
      peakRssMb: peakRssMb(child.pid ?? 0),
    };
  } finally {
    child.kill('SIGKILL');
  }
}
