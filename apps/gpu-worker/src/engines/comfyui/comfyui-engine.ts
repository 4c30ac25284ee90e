import { placeholderOf } from '@afterimage/job-schemas';
import type { Log } from '@afterimage/telemetry';
import type { Time } from '../../time.ts';
import type { Engine, EngineHealth, EngineJob, EngineModel, EngineRun } from '../engine.ts';
import { beforeJob, EngineError, EngineUnusableError } from '../engine-error.ts';
import { ComfyClient } from './comfy-client.ts';
import { asEngineFailure } from './comfy-errors.ts';
import { ComfyHttp, NoAnswerError, UnexpectedAnswerError } from './comfy-http.ts';
import type { ObjectInfo } from './comfy-schemas.ts';
import { becomeIdle } from './idle-barrier.ts';
import { filesOf } from './model-names.ts';
import type { Plan } from './plan-job.ts';
import { planJob } from './plan-job.ts';
import { PromptRun } from './run-prompts.ts';
import { withPrefix } from './save-nodes.ts';
import { withImages } from './workflow.ts';

export interface ComfyUiEngineOptions {
  readonly url: string;
  /** `user:password` of HTTP Basic authentication, where a proxy stands before the server. */
  readonly auth?: string | undefined;
  /** How long the server may take to answer for the first time, and a node to begin: it may load a model. */
  readonly startSeconds: number;
  readonly loadSeconds: number;
  /** How long a node that has begun may make no progress, and a prompt stay in an idle queue. */
  readonly silenceSeconds: number;
  readonly pollIntervalMs: number;
  readonly time: Time;
  /** Random lower-case UUIDs. */
  readonly newId: () => string;
  readonly log: Log;
}

const TASKS: EngineModel['tasks'] = ['text-to-image', 'image-to-image', 'upscale', 'workflow'];

/** Runs workflows on a ComfyUI server: a client's own, or one built for the task. */
export class ComfyUiEngine implements Engine {
  readonly name = 'comfyui';
  readonly #options: ComfyUiEngineOptions;
  readonly #http: ComfyHttp;
  readonly #client: ComfyClient;
  readonly #clientId: string;
  readonly #closed = new AbortController();
  /** What the server can do, as of the last time that it mattered. */
  #nodes: ObjectInfo | undefined;
  #version = 'unknown';
  #isBusy = false;
  #unusable: EngineUnusableError | undefined;

  constructor(options: ComfyUiEngineOptions) {
    this.#options = options;
    this.#http = new ComfyHttp(options);
    this.#client = new ComfyClient(this.#http);
    this.#clientId = options.newId();
  }

  async probe(signal: AbortSignal): Promise<EngineHealth> {
    try {
      this.#version = await this.#client.version(signal);
      return { alive: true, ready: this.#unusable === undefined, version: this.#version };
    } catch (error) {
      const isAlive = error instanceof UnexpectedAnswerError;
      if (!isAlive && !(error instanceof NoAnswerError)) throw error;
      return { alive: isAlive, ready: false, version: this.#version };
    }
  }

  async listModels(signal: AbortSignal): Promise<readonly EngineModel[]> {
    this.#nodes = await this.#client.objectInfo(signal);
    return filesOf(this.#nodes, 'CheckpointLoaderSimple', 'ckpt_name').map((id) => ({ id, tasks: TASKS }));
  }

  async run(job: EngineJob, run: EngineRun): Promise<void> {
    run.signal.throwIfAborted();
    if (this.#unusable !== undefined) throw beforeJob(this.#unusable);
    if (this.#isBusy) throw new EngineError('engine_error', 'ComfyUI has a job already', { isRetryable: true });
    this.#isBusy = true;
    let isFree = false;
    const onEngineFree = (): void => {
      isFree = true;
      this.#isBusy = false;
      run.onEngineFree?.();
    };
    const signal = AbortSignal.any([run.signal, this.#closed.signal]);
    try {
      await this.#work(job, { ...run, signal, onEngineFree });
    } catch (error) {
      run.signal.throwIfAborted();
      // What it can do may be what has changed.
      this.#nodes = undefined;
      throw this.#remember(asEngineFailure(error));
    } finally {
      if (!isFree) this.#isBusy = false;
    }
  }

  /** Waits for a server that is being started again, then until it has nothing to do. */
  async reset(signal: AbortSignal): Promise<void> {
    if (this.#unusable !== undefined) throw this.#unusable;
    try {
      await this.#becomeReady(signal);
    } catch (error) {
      signal.throwIfAborted();
      throw this.#remember(asEngineFailure(error));
    }
  }

  async close(): Promise<void> {
    this.#closed.abort(new EngineError('engine_error', 'the ComfyUI engine is closed', { isRetryable: true }));
  }

  #remember(error: unknown): unknown {
    if (error instanceof EngineUnusableError) this.#unusable = error;
    return error;
  }

  async #work(job: EngineJob, run: EngineRun): Promise<void> {
    const { signal } = run;
    const { loadSeconds, silenceSeconds, time, newId, log, pollIntervalMs } = this.#options;
    run.onProgress({ phase: 'loading_model', image: 1, images: 1, step: 0, steps: 1 });
    await this.#becomeReady(signal).catch((error: unknown) => Promise.reject(beforeJob(asEngineFailure(error))));
    const plan = await this.#plan(job, signal);
    const named = await this.#upload(job, plan, signal);
    const prompts = new PromptRun(
      {
        time,
        newId,
        log,
        pollIntervalMs,
        client: this.#client,
        clientId: this.#clientId,
        software: `ComfyUI ${this.#version}`,
        socket: { url: this.#http.socketUrl(`/ws?clientId=${this.#clientId}`), headers: this.#http.headers },
        loadMs: loadSeconds * 1000,
        silenceMs: silenceSeconds * 1000,
      },
      named,
      run,
    );
    await prompts.run();
  }

  async #becomeReady(signal: AbortSignal): Promise<void> {
    const { time, pollIntervalMs, startSeconds } = this.#options;
    const startedAtMs = time.monotonicMs();
    while (!(await this.probe(signal)).ready) {
      if (time.monotonicMs() - startedAtMs > startSeconds * 1000) {
        throw new EngineUnusableError(`ComfyUI is not ready after ${startSeconds} s`);
      }
      await time.wait(pollIntervalMs, signal);
      signal.throwIfAborted();
    }
    await becomeIdle({ client: this.#client, time, pollIntervalMs }, signal);
  }

  /** A job that the server cannot run by what is known of it gets a second chance with a fresh look. */
  async #plan(job: EngineJob, signal: AbortSignal): Promise<Plan> {
    if (this.#nodes !== undefined) {
      try {
        return planJob(job, this.#nodes);
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
      }
    }
    this.#nodes = await this.#client.objectInfo(signal);
    return planJob(job, this.#nodes);
  }

  /** The plan with the server's names of the images, and names for the files that are this attempt's alone. */
  async #upload({ jobId, attempt, inputs }: EngineJob, plan: Plan, signal: AbortSignal): Promise<Plan> {
    const used = new Set(
      plan.prompts.flatMap(({ workflow }) =>
        Object.values(workflow).flatMap((node) => Object.values(node.inputs).map(placeholderOf)),
      ),
    );
    const names = new Map<string, string>();
    for (const [name, image] of inputs) {
      if (used.has(name)) names.set(name, await this.#client.upload(image, signal));
    }
    const nodes = this.#nodes ?? {};
    const folder = `afterimage/${jobId}/${attempt}-${this.#options.newId()}`;
    const prompts = plan.prompts.map((prompt, index) => ({
      ...prompt,
      workflow: withPrefix(withImages(prompt.workflow, names), nodes, `${folder}/${index}`),
    }));
    return { ...plan, prompts };
  }
}
