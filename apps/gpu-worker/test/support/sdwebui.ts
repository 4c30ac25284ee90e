import {
  acceptedInputSchemas,
  type ImageToImageInput,
  type TaskInput,
  type TextToImageInput,
} from '@afterimage/job-schemas';
import { silentLog } from '@afterimage/testing';
import { type FakeSdWebui, type FakeSdWebuiOptions, startFakeSdWebui } from '@afterimage/testing/fake-sdwebui';
import sharp from 'sharp';
import type { EngineImage, EngineJob, EngineProgress, EngineRun, InputImage } from '../../src/engines/engine.ts';
import { SdWebuiEngine, type SdWebuiEngineOptions } from '../../src/engines/sdwebui/sdwebui-engine.ts';
import { systemTime } from '../../src/system-time.ts';
import type { Time } from '../../src/time.ts';

/** The real time, fifty times as fast: limits of half a minute are over in less than a second. */
export const fastTime: Time = {
  ...systemTime,
  monotonicMs: () => systemTime.monotonicMs() * 50,
  wait: (ms, signal) => systemTime.wait(ms / 50, signal),
};

const OPTIONS = { startSeconds: 30, loadSeconds: 30, silenceSeconds: 30, pollIntervalMs: 10 };

/** Fakes and engines that a test started, to be stopped after it. */
export class SdWebuis {
  readonly #owned: (() => Promise<void>)[] = [];

  async start(
    fakeOptions: FakeSdWebuiOptions,
    options: Partial<SdWebuiEngineOptions> = {},
  ): Promise<{ fake: FakeSdWebui; engine: SdWebuiEngine }> {
    const fake = await startFakeSdWebui(fakeOptions);
    const engine = this.connect(fake.url, options);
    this.#owned.push(() => fake.stop());
    return { fake, engine };
  }

  connect(url: string, options: Partial<SdWebuiEngineOptions> = {}): SdWebuiEngine {
    const engine = new SdWebuiEngine({ url, ...OPTIONS, time: systemTime, log: silentLog, ...options });
    this.#owned.push(() => engine.close());
    return engine;
  }

  async stop(): Promise<void> {
    for (const stop of this.#owned.splice(0).reverse()) await stop();
  }
}

export const MODEL = 'dreamshaper';

export function aJobOf(request: TaskInput, over: Partial<EngineJob> = {}): EngineJob {
  return { jobId: 'job_1', attempt: 1, model: MODEL, request, inputs: new Map(), ...over };
}

export function textToImage(input: Partial<TextToImageInput> = {}): TaskInput {
  const whole = { prompt: 'a cat', seed: 9, width: 64, height: 72, steps: 4, ...input };
  return { kind: 'text-to-image', input: acceptedInputSchemas['text-to-image'].parse(whole) };
}

export function imageToImage(input: Partial<ImageToImageInput> = {}): TaskInput {
  const whole = { prompt: 'a cat', seed: 9, steps: 4, image: { uploadId: `upl_${'0'.repeat(26)}` }, ...input };
  return { kind: 'image-to-image', input: acceptedInputSchemas['image-to-image'].parse(whole) };
}

/** A picture of noise, or of one colour. */
export async function anImage(width: number, height: number, colour?: string): Promise<InputImage> {
  const data =
    colour === undefined
      ? await sharp({
          create: { width, height, channels: 3, background: 'grey', noise: { type: 'gaussian', mean: 128, sigma: 40 } },
        })
          .png()
          .toBuffer()
      : await sharp({ create: { width, height, channels: 3, background: colour } })
          .png()
          .toBuffer();
  return { data, contentType: 'image/png', width, height };
}

export function aRun(over: Partial<EngineRun> = {}): EngineRun {
  return {
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onImage: async () => undefined,
    ...over,
  };
}

export async function collect(engine: SdWebuiEngine, job: EngineJob, over: Partial<EngineRun> = {}) {
  const progress: EngineProgress[] = [];
  const images: EngineImage[] = [];
  await engine.run(
    job,
    aRun({ onProgress: (event) => progress.push(event), onImage: async (image) => void images.push(image), ...over }),
  );
  return { progress, images };
}
