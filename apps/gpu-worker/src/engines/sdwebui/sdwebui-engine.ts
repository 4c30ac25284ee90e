import type { Log } from '@afterimage/telemetry';
import * as z from 'zod';
import { aborted } from '../../abort.ts';
import type { Time } from '../../time.ts';
import type { Engine, EngineHealth, EngineJob, EngineModel, EngineRun } from '../engine.ts';
import { beforeJob, EngineError, EngineUnusableError } from '../engine-error.ts';
import { TASKS } from './build-request.ts';
import { checkImage } from './check-image.ts';
import { type Generated, type GenerationRun, makeGenerate } from './generate.ts';
import { makePlanRequests } from './plan-requests.ts';
import { warmUp } from './warm-up.ts';
import { isConnectionLost, isRefused, WebuiClient } from './webui-client.ts';
import type { WebuiRequest } from './webui-request.ts';
import { WebuiServer } from './webui-server.ts';

export interface SdWebuiEngineOptions {
  /** Base URL, without `/sdapi`. */
  readonly url: string;
  /** `user:password` of HTTP Basic authentication. */
  readonly auth?: string | undefined;
  /** How long the server may take to start; a job waits for it a minute at most. */
  readonly startSeconds: number;
  /** How long a job may take until its sampling begins. */
  readonly loadSeconds: number;
  /** How long the sampling may show no step. */
  readonly silenceSeconds: number;
  readonly pollIntervalMs: number;
  readonly time: Time;
  readonly log: Log;
}

/** A kept connection may be closed by the server just when it is used again. */
const PROBE_TRIES = 2;
/** How long a probe waits for the model, before it answers that it is not ready. */
const WARM_UP_WAIT_MS = 1000;

interface Made {
  readonly request: WebuiRequest;
  readonly made: Generated;
}

/** Drives one server with the API of AUTOMATIC1111's WebUI: itself, Forge or SD.Next. */
export class SdWebuiEngine implements Engine {
  readonly name = 'sdwebui';
  readonly #options: SdWebuiEngineOptions;
  readonly #client: WebuiClient;
  readonly #server: WebuiServer;
  readonly #planRequests: ReturnType<typeof makePlanRequests>;
  readonly #generate: ReturnType<typeof makeGenerate>;
  readonly #closing = new AbortController();
  /** The end of the run that has the server, and its signal. */
  #tail: Promise<void> = Promise.resolve();
  #holder: AbortSignal | undefined;
  #unusable: EngineUnusableError | undefined;
  #isMemoryShort = false;
  #isWarm = false;
  #warmUp: Promise<void> | undefined;
  #version = '';

  constructor(options: SdWebuiEngineOptions) {
    this.#options = options;
    const { url, auth, time } = options;
    this.#client = new WebuiClient({ url, auth, time });
    this.#server = new WebuiServer({ ...options, client: this.#client });
    this.#planRequests = makePlanRequests(this.#server, options.log);
    this.#generate = makeGenerate({
      ...options,
      client: this.#client,
      server: this.#server,
      closing: this.#closing.signal,
    });
  }

  /** Ready once the server has made an image: that it answers says nothing about its model. */
  async probe(signal: AbortSignal): Promise<EngineHealth> {
    return this.#guarded(async () => {
      try {
        await this.#client.get('memory', z.unknown(), signal, { tries: PROBE_TRIES });
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        // What comes back after that has to load its model again.
        if (isConnectionLost(error.cause)) this.#isWarm = false;
        return { alive: false, ready: false, version: this.#version };
      }
      if (!this.#isWarm) {
        this.#warmUp ??= this.#makeWarm();
        const over = new AbortController();
        const wait = this.#options.time.wait(WARM_UP_WAIT_MS, AbortSignal.any([signal, over.signal]));
        await Promise.race([this.#warmUp, wait]).finally(() => over.abort());
        if (this.#unusable !== undefined) throw this.#unusable;
      }
      return { alive: true, ready: this.#isWarm, version: this.#version };
    });
  }

  async listModels(signal: AbortSignal): Promise<readonly EngineModel[]> {
    return this.#guarded(async () => {
      const checkpoints = await this.#server.lists.checkpoints(signal);
      return checkpoints.map(({ model_name }) => ({ id: model_name, tasks: TASKS }));
    });
  }

  async run(job: EngineJob, run: EngineRun): Promise<void> {
    const { signal, onEngineFree, onImage } = run;
    const made = await this.#exclusive(signal, () => this.#guarded(() => this.#make(job, run)));
    await onEngineFree?.();
    let index = 0;
    for (const { request, made: each } of made) {
      if (!(await each.ranToEnd)) {
        throw new EngineError('engine_error', 'the job was interrupted on the server', { isRetryable: true });
      }
      const { images, seeds, version } = each.read();
      if (version !== undefined) this.#version = `${await this.#server.dialect(signal)} ${version}`;
      for (const [at, image] of images.entries()) {
        signal.throwIfAborted();
        const data = Buffer.from(image.toString('latin1'), 'base64');
        const size = await checkImage(data, request.expected);
        signal.throwIfAborted();
        const software = `Stable Diffusion WebUI (${this.#version})`;
        await onImage({ index, seed: seeds[at] ?? null, ...size, software, pixels: { kind: 'encoded', data } });
        index += 1;
      }
    }
  }

  /** @throws EngineUnusableError when the server goes on with a job although it was interrupted */
  async reset(signal: AbortSignal): Promise<void> {
    // A run that nobody interrupted is another one than the run that failed.
    if (this.#holder !== undefined && !this.#holder.aborted) return;
    await this.#guarded(() => this.#server.becomeIdle(signal));
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the engine is closed'));
    this.#client.close();
  }

  /** The server works on one request; those that come meanwhile would only queue up there, out of reach of a cancellation. */
  async #exclusive<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = this.#tail;
    const over = Promise.withResolvers<void>();
    this.#tail = before.then(() => over.promise);
    try {
      await Promise.race([before, aborted(signal)]);
      signal.throwIfAborted();
      this.#holder = signal;
      return await work();
    } finally {
      if (this.#holder === signal) this.#holder = undefined;
      over.resolve();
    }
  }

  /** An engine that was found unusable stays so. */
  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    if (this.#unusable !== undefined) throw beforeJob(this.#unusable);
    if (this.#closing.signal.aborted)
      throw new EngineError('engine_error', 'the engine is closed', { isRetryable: true });
    try {
      return await work();
    } catch (error) {
      if (error instanceof EngineUnusableError) this.#unusable = error;
      throw error;
    }
  }

  async #make(job: EngineJob, run: EngineRun): Promise<Made[]> {
    const { signal, onProgress, isPreviewDue = () => false } = run;
    const { kind, input } = job.request;
    const total = 'images' in input && typeof input.images === 'number' ? input.images : 1;
    const steps = 'steps' in input ? input.steps : 1;
    onProgress({ phase: 'loading_model', image: 1, images: total, step: 0, steps });
    await this.#prepareForJob(signal);
    const made: Made[] = [];
    for (const request of await this.#planRequests(job, signal)) {
      const { images } = request.expected;
      const before = made.reduce((sum, each) => sum + each.request.expected.images, 0);
      const all = Math.max(total, before + images);
      try {
        const answer = await this.#ask(request, {
          attempt: job.attempt,
          signal,
          isPreviewDue,
          onProgress: (progress) => onProgress({ ...progress, image: before + progress.image, images: all }),
        });
        made.push({ request, made: answer });
        this.#isWarm = true;
      } catch (error) {
        this.#isMemoryShort = error instanceof EngineError && error.code === 'out_of_memory';
        throw error;
      }
      onProgress({
        phase: 'inferring',
        image: before + images,
        images: all,
        step: request.steps,
        steps: request.steps,
      });
    }
    this.#options.log.debug('images made', { jobId: job.jobId, kind });
    return made;
  }

  /** A server that is not there has seen nothing of the request: it is waited for, as before the job, and asked again. */
  async #ask(request: WebuiRequest, run: GenerationRun): Promise<Generated> {
    try {
      return await this.#generate(request, run);
    } catch (error) {
      if (!isRefused(error)) throw error;
      await this.#prepareForJob(run.signal);
      return this.#generate(request, run);
    }
  }

  async #prepareForJob(signal: AbortSignal): Promise<void> {
    try {
      await this.#prepare(signal);
    } catch (error) {
      throw beforeJob(error);
    }
  }

  /** Waits until the server is there and does nothing else. */
  async #prepare(signal: AbortSignal): Promise<void> {
    await this.#server.becomeReachable(signal);
    await this.#server.becomeIdle(signal);
    if (!this.#isMemoryShort) return;
    this.#isMemoryShort = false;
    await this.#server.freeMemory(signal);
  }

  /** Never rejects. */
  async #makeWarm(): Promise<void> {
    const { signal } = this.#closing;
    const { log } = this.#options;
    try {
      await this.#exclusive(signal, () =>
        this.#guarded(async () => {
          if (this.#isWarm) return;
          await this.#prepare(signal);
          const { time, loadSeconds } = this.#options;
          await warmUp({ client: this.#client, server: this.#server, time, loadSeconds }, signal);
          this.#isWarm = true;
          this.#version ||= await this.#server.dialect(signal);
        }),
      );
      log.info('server is warm', { version: this.#version });
    } catch (error) {
      log.warn('server is not ready', { error });
    } finally {
      this.#warmUp = undefined;
    }
  }
}
