import { randomUUID } from 'node:crypto';
import { acceptedInputSchemas, type Task } from '@afterimage/job-schemas';
import { silentLog } from '@afterimage/testing';
import type { FakeComfyUi, FakeComfyUiOptions } from '@afterimage/testing/fake-comfyui';
import { encodePng, startFakeComfyUi } from '@afterimage/testing/fake-comfyui';
import { ComfyUiEngine, type ComfyUiEngineOptions } from '../../src/engines/comfyui/comfyui-engine.ts';
import type { EngineImage, EngineJob, EngineProgress, EngineRun, InputImage } from '../../src/engines/engine.ts';
import { systemTime } from '../../src/system-time.ts';
import type { Time } from '../../src/time.ts';

export const VERSIONS = ['old', 'new'] as const;
export const MODEL = 'sdxl-base';

/** Time that passes `factor` times as fast, for limits of half a minute. */
export function fastTime(factor: number): Time {
  return {
    now: systemTime.now,
    monotonicMs: () => systemTime.monotonicMs() * factor,
    wait: (ms, signal) => systemTime.wait(ms / factor, signal),
  };
}

export interface Bench {
  readonly fake: FakeComfyUi;
  readonly engine: ComfyUiEngine;
  close(): Promise<void>;
}

export async function startBench(
  fakeOptions: FakeComfyUiOptions,
  options: Partial<ComfyUiEngineOptions> = {},
): Promise<Bench> {
  const fake = await startFakeComfyUi(fakeOptions);
  const engine = new ComfyUiEngine({
    url: fake.url,
    startSeconds: 30,
    loadSeconds: 30,
    silenceSeconds: 10,
    pollIntervalMs: 10,
    time: systemTime,
    newId: randomUUID,
    log: silentLog,
    ...options,
  });
  return {
    fake,
    engine,
    async close() {
      await engine.close();
      await fake.stop();
    },
  };
}

let jobs = 0;

/** A job whose request has every default filled in. */
export function aJob(
  task: Task,
  input: Record<string, unknown>,
  {
    inputs = {},
    ...job
  }: Partial<Omit<EngineJob, 'request' | 'inputs'>> & { inputs?: Record<string, InputImage> } = {},
): EngineJob {
  jobs += 1;
  return {
    jobId: `job_${jobs}`,
    attempt: 1,
    model: MODEL,
    request: requestOf(task, input),
    inputs: new Map(Object.entries(inputs)),
    ...job,
  };
}

function requestOf(task: Task, input: Record<string, unknown>): EngineJob['request'] {
  switch (task) {
    case 'text-to-image':
      return { kind: task, input: acceptedInputSchemas[task].parse({ prompt: 'a secret prompt', seed: 7, ...input }) };
    case 'image-to-image':
      return { kind: task, input: acceptedInputSchemas[task].parse({ prompt: 'a secret prompt', seed: 7, ...input }) };
    case 'upscale':
      return { kind: task, input: acceptedInputSchemas[task].parse(input) };
    case 'workflow':
      return { kind: task, input: acceptedInputSchemas[task].parse(input) };
  }
}

export function aPicture(input: Record<string, unknown> = {}): EngineJob {
  return aJob('text-to-image', { width: 64, height: 64, steps: 4, ...input });
}

/** A workflow that paints one colour, and shows it in a preview too. */
export function aWorkflow(nodes: Record<string, unknown> = {}, job: Parameters<typeof aJob>[2] = {}): EngineJob {
  const workflow = {
    1: { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 2, color: 0xff0000 } },
    3: { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'ComfyUI' } },
    4: { class_type: 'PreviewImage', inputs: { images: ['1', 0] } },
    ...nodes,
  };
  return aJob('workflow', { workflow }, job);
}

export function anInput(width: number, height: number, seed = 3): InputImage {
  return { data: encodePng({ width, height, fill: { seed } }), contentType: 'image/png', width, height };
}

export interface Collected {
  readonly progress: EngineProgress[];
  readonly images: EngineImage[];
}

export function collector(run: Partial<EngineRun> = {}): { readonly collected: Collected; readonly run: EngineRun } {
  const collected: Collected = { progress: [], images: [] };
  return {
    collected,
    run: {
      signal: new AbortController().signal,
      onProgress: (event) => collected.progress.push(event),
      onImage: async (image) => void collected.images.push(image),
      ...run,
    },
  };
}

export async function collect(
  engine: ComfyUiEngine,
  job: EngineJob,
  options: Partial<EngineRun> = {},
): Promise<Collected> {
  const { collected, run } = collector(options);
  await engine.run(job, run);
  return collected;
}

/** The error of a run that must fail, and what it handed over before. */
export async function failureOf(engine: ComfyUiEngine, job: EngineJob): Promise<{ error: unknown; images: number }> {
  const { collected, run } = collector();
  try {
    await engine.run(job, run);
  } catch (error) {
    return { error, images: collected.images.length };
  }
  throw new Error('the run did not fail');
}
