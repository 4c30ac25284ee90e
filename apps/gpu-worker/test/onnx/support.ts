import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acceptedInputSchemas, type TaskInput } from '@afterimage/job-schemas';
import { type ModelOptions, writeModel } from '@afterimage/model-fixture';
import { silentLog } from '@afterimage/testing';
import sharp from 'sharp';
import type { EngineImage, EngineJob, EngineProgress, EngineRun, InputImage } from '../../src/engines/engine.ts';
import { OnnxEngine, type OnnxEngineOptions } from '../../src/engines/onnx/onnx-engine.ts';
import { FolderModelStore } from '../../src/engines/onnx/store/folder-model-store.ts';
import { systemTime } from '../../src/system-time.ts';

const processUrl = new URL('../../src/engines/onnx/onnx-process.ts', import.meta.url);

/** A folder of tiny models and the engines on it. */
export class OnnxWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'onnx-'));
  readonly #engines: OnnxEngine[] = [];

  write(id: string, options: ModelOptions = {}): string {
    const directory = join(this.folder, id);
    writeModel(directory, { channels: 8, ...options });
    return directory;
  }

  engine(options: Partial<OnnxEngineOptions> = {}): OnnxEngine {
    const engine = new OnnxEngine({
      processUrl,
      models: new FolderModelStore(this.folder, { log: silentLog }),
      threads: 1,
      providers: ['cpu'],
      memoryBytes: 1e9,
      decodeBytes: 1e9,
      stopGraceMs: 5000,
      time: systemTime,
      log: silentLog,
      ...options,
    });
    this.#engines.push(engine);
    return engine;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#engines.splice(0).map((engine) => engine.close()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const SMALL = { prompt: 'a cat by the sea', seed: 9, width: 64, height: 64, steps: 3, guidance: 5 };

export function textToImage(input: object = {}): TaskInput {
  return { kind: 'text-to-image', input: acceptedInputSchemas['text-to-image'].parse({ ...SMALL, ...input }) };
}

export function imageToImage(input: object = {}): TaskInput {
  const { width: _width, height: _height, ...sampling } = SMALL;
  const whole = { ...sampling, image: { url: 'https://images.example/in.png' }, ...input };
  return { kind: 'image-to-image', input: acceptedInputSchemas['image-to-image'].parse(whole) };
}

export function aJobOf(
  request: TaskInput,
  { model = 'sd', inputs = {} }: { model?: string; inputs?: Record<string, InputImage> } = {},
): EngineJob {
  return { jobId: 'job_1', attempt: 1, model, request, inputs: new Map(Object.entries(inputs)) };
}

/** What a run told and made. */
export async function collect(engine: OnnxEngine, job: EngineJob, run: Partial<EngineRun> = {}) {
  const progress: EngineProgress[] = [];
  const images: EngineImage[] = [];
  await engine.run(job, {
    signal: new AbortController().signal,
    onProgress: (event) => void progress.push(event),
    onImage: async (image) => void images.push(image),
    ...run,
  });
  return { progress, images };
}

export async function pixelsOf(engine: OnnxEngine, job: EngineJob): Promise<Uint8Array[]> {
  return (await collect(engine, job)).images.map(({ pixels }) => pixels.data);
}

type Paint = (x: number, y: number) => readonly [number, number, number];

export async function anImage(
  width: number,
  height: number,
  paint: Paint = (x, y) => [x % 256, y % 256, 90],
): Promise<InputImage> {
  const pixels = Array.from({ length: width * height }, (_, at) => paint(at % width, Math.floor(at / width)));
  const raw = { width, height, channels: 3 } as const;
  const data = await sharp(Uint8Array.from(pixels.flat()), { raw }).png().toBuffer();
  return { data, contentType: 'image/png', width, height };
}
