import type { Log } from '@afterimage/telemetry';
import type { Time } from '../../time.ts';
import type { EngineRun } from '../engine.ts';
import { EngineError } from '../engine-error.ts';
import { checkPicture } from './check-picture.ts';
import type { ComfyClient } from './comfy-client.ts';
import { executionFailure } from './comfy-errors.ts';
import type { HistoryEntry } from './comfy-schemas.ts';
import { followPrompt } from './follow-prompt.ts';
import { cancelSubmissions } from './idle-barrier.ts';
import type { OutputRef } from './output-refs.ts';
import { outputRefs } from './output-refs.ts';
import type { Plan, PlannedPrompt } from './plan-job.ts';
import { ProgressSocket } from './progress-socket.ts';
import { PromptProgress } from './prompt-progress.ts';
import type { Frame } from './socket-frames.ts';
import { submitPrompt } from './submit-prompt.ts';

export interface RunPromptsPorts {
  readonly client: ComfyClient;
  readonly socket: { readonly url: string; readonly headers: Readonly<Record<string, string>> };
  readonly clientId: string;
  readonly software: string;
  readonly time: Time;
  readonly newId: () => string;
  readonly log: Log;
  readonly loadMs: number;
  readonly silenceMs: number;
  readonly pollIntervalMs: number;
}

/** Time that cancelling and tidying may take, beside a worker that waits to give its job back. */
const TIDY_MS = 4000;

/**
 * Runs the prompts of one job one after another. While one runs, the pictures of the one before are fetched, checked and
 * handed over. What fails or is aborted is cancelled on the server; what was made is forgotten there.
 */
export class PromptRun {
  readonly #ports: RunPromptsPorts;
  readonly #plan: Plan;
  readonly #run: EngineRun;
  /** Aborted by a picture that cannot be handed over: the rest is pointless. */
  readonly #failed = new AbortController();
  readonly #signal: AbortSignal;
  readonly #submissionIds: string[] = [];
  readonly #promptIds: string[] = [];
  #current: { readonly progress: PromptProgress; promptId: string } | undefined;
  #isConnected = false;
  #images = 0;

  constructor(ports: RunPromptsPorts, plan: Plan, run: EngineRun) {
    this.#ports = ports;
    this.#plan = plan;
    this.#run = run;
    this.#signal = AbortSignal.any([run.signal, this.#failed.signal]);
  }

  async run(): Promise<void> {
    const { socket: address, time } = this.#ports;
    const socket = new ProgressSocket({
      ...address,
      time,
      onFrame: (frame) => this.#onFrame(frame),
      onConnection: (isOpen) => {
        this.#isConnected = isOpen;
        this.#current?.progress.setConnected(isOpen);
      },
    });
    const handedOver: Promise<void>[] = [];
    let isEngineFree = false;
    try {
      // An event that is sent before anybody listens is lost.
      await socket.open();
      let before = Promise.resolve();
      for (const [index, prompt] of this.#plan.prompts.entries()) {
        const refs = outputRefs(await this.#make(prompt, index), prompt.saveNodes);
        before = this.#handOver(prompt, refs, before);
        before.catch((error: unknown) => this.#failed.abort(error));
        handedOver.push(before);
      }
      await socket.close();
      isEngineFree = true;
      this.#run.onEngineFree?.();
      await before;
    } catch (error) {
      const reason: unknown = this.#signal.aborted ? this.#signal.reason : error;
      this.#failed.abort(reason);
      await Promise.allSettled(handedOver);
      if (!isEngineFree) await this.#giveUp(reason);
      throw reason;
    } finally {
      await socket.close();
      await this.#tidy('history not deleted', (signal) => this.#forget(signal));
    }
  }

  async #make(prompt: PlannedPrompt, index: number): Promise<HistoryEntry> {
    const { client, clientId, newId, time, loadMs, silenceMs } = this.#ports;
    const { job, prompts } = this.#plan;
    const { workflow, sampler } = prompt;
    const submissionId = newId();
    this.#submissionIds.push(submissionId);
    const progress = new PromptProgress({
      image: index + 1,
      images: prompts.length,
      nodes: Object.keys(workflow).length,
      sampler,
      time,
      loadMs,
      silenceMs,
      onProgress: this.#run.onProgress,
    });
    progress.setConnected(this.#isConnected);
    this.#current = { progress, promptId: submissionId };
    const promptId = await submitPrompt(client, { prompt: workflow, clientId, submissionId }, job, this.#signal);
    this.#promptIds.push(promptId);
    this.#current.promptId = promptId;
    const entry = await followPrompt(this.#ports, promptId, progress, this.#signal);
    const failure = executionFailure(entry, job);
    if (failure !== undefined) throw failure;
    return entry;
  }

  #onFrame(frame: Frame): void {
    if (this.#current === undefined) return;
    const { progress, promptId } = this.#current;
    const of = frame.kind === 'event' ? frame.event.data.prompt_id : frame.promptId;
    if (of !== undefined && of !== null && of !== promptId) return;
    if (frame.kind === 'event') progress.onEvent(frame.event);
    else progress.onPreview(frame.preview);
  }

  async #handOver({ seed, rule }: PlannedPrompt, refs: readonly OutputRef[], before: Promise<void>): Promise<void> {
    const { client, software } = this.#ports;
    await before;
    for (const { node, ...file } of refs) {
      const data = await client.view(file, this.#signal);
      if (data === undefined) {
        throw new EngineError('bad_output', `a file of node ${node} is empty or gone`, { isRetryable: true });
      }
      const size = await checkPicture(data, `a file of node ${node}`, rule);
      this.#signal.throwIfAborted();
      const index = this.#images;
      this.#images += 1;
      await this.#run.onImage({ index, seed, ...size, software, pixels: { kind: 'encoded', data } });
    }
  }

  async #giveUp(reason: unknown): Promise<void> {
    const { client } = this.#ports;
    await this.#tidy('workflow not cancelled', (signal) => cancelSubmissions(client, this.#submissionIds, signal));
    if (reason instanceof EngineError && reason.code === 'out_of_memory') {
      await this.#tidy('models not unloaded', (signal) => client.free(signal));
    }
  }

  async #forget(signal: AbortSignal): Promise<void> {
    if (this.#promptIds.length > 0) await this.#ports.client.deleteHistory(this.#promptIds, signal);
  }

  /** Does what should be done after a job, but is no reason for it to fail. */
  async #tidy(complaint: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { time, log } = this.#ports;
    const over = new AbortController();
    const late = new AbortController();
    void time.wait(TIDY_MS, over.signal).then(() => late.abort());
    try {
      await work(late.signal);
    } catch (error) {
      log.warn(complaint, { error });
    } finally {
      over.abort();
    }
  }
}
