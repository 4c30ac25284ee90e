import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Log } from '@afterimage/telemetry';
import type { Time } from '../../../time.ts';
import { EngineError } from '../../engine-error.ts';
import type { PictureOrder, Pixels } from '../pipeline/picture-order.ts';
import type { PictureTimings, ProcessMessage, ProcessReply, ProcessSettings } from './messages.ts';

export interface InferenceProcessOptions {
  /** The built `onnx-process.mjs`, or `onnx-process.ts` where Node runs the sources. */
  readonly url: URL;
  readonly settings: ProcessSettings;
  /** How long a stopped picture may take to come to its next step before the process is killed. */
  readonly stopGraceMs: number;
  readonly time: Time;
  readonly log: Log;
}

export interface PaintHooks {
  readonly onLoaded: () => void;
  readonly onStep: (step: number, steps: number, preview: Pixels) => void;
}

interface Painting extends PaintHooks {
  readonly resolve: (done: { picture: Pixels; timings: PictureTimings }) => void;
  readonly reject: (reason: unknown) => void;
  readonly signal: AbortSignal;
}

/** Of what the process wrote to stderr, for the log. */
const TAIL_CHARACTERS = 2000;

/** One process that holds the networks and makes one picture at a time. It is of no use any more once it has ended. */
export class InferenceProcess {
  readonly #child: ChildProcess;
  readonly #options: InferenceProcessOptions;
  readonly #ready = Promise.withResolvers<string>();
  #painting: Painting | undefined;
  #isDead = false;
  #stderr = '';

  constructor(options: InferenceProcessOptions) {
    this.#options = options;
    this.#child = fork(fileURLToPath(options.url), [JSON.stringify(options.settings)], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // Neither the worker's credentials nor its flags.
      env: {},
      execArgv: [],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-TAIL_CHARACTERS);
    });
    this.#child.on('message', (reply: ProcessReply) => this.#onReply(reply));
    this.#child.on('error', (error) => this.#onDeath(error.message));
    // When its stderr has ended too.
    this.#child.on('close', (code, signal) => this.#onDeath(signal === null ? `exit code ${code}` : signal));
    this.#ready.promise.catch(() => undefined);
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  get isBusy(): boolean {
    return this.#painting !== undefined;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Resolves with the version of the runtime once it is loaded. @throws EngineError when the process ends before */
  get ready(): Promise<string> {
    return this.#ready.promise;
  }

  /** @throws EngineError when the picture fails or the process ends; the signal's reason once the process has stopped for it */
  async paint(directory: string, order: PictureOrder, hooks: PaintHooks, signal: AbortSignal) {
    if (this.isBusy) throw new Error('the process makes one picture at a time');
    signal.throwIfAborted();
    const over = new AbortController();
    const stop = (): void => void this.#stop(over.signal);
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await new Promise<{ picture: Pixels; timings: PictureTimings }>((resolve, reject) => {
        this.#painting = { ...hooks, resolve, reject, signal };
        this.#send({ kind: 'paint', directory, order });
      });
    } finally {
      signal.removeEventListener('abort', stop);
      over.abort();
      this.#painting = undefined;
    }
  }

  /** Resolves when the process is gone. */
  async kill(): Promise<void> {
    if (this.#isDead) return;
    const gone = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.kill('SIGKILL');
    await gone;
  }

  /** A run of a network cannot be interrupted: one that lasts too long costs the process, and the models in it. */
  async #stop(over: AbortSignal): Promise<void> {
    const { time, log, stopGraceMs } = this.#options;
    this.#send({ kind: 'stop' });
    await time.wait(stopGraceMs, over);
    if (over.aborted) return;
    log.info('inference process killed in the midst of a step', { stopGraceMs });
    await this.kill();
  }

  #send(message: ProcessMessage): void {
    // A process that is gone is told of by its end.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  #onReply(reply: ProcessReply): void {
    if (reply.kind === 'ready') return this.#ready.resolve(reply.version);
    const painting = this.#painting;
    if (painting === undefined) return;
    try {
      if (reply.kind === 'loaded') painting.onLoaded();
      else if (reply.kind === 'step') painting.onStep(reply.step, reply.steps, reply.preview);
      else if (painting.signal.aborted) painting.reject(painting.signal.reason);
      else if (reply.kind === 'done') painting.resolve(reply);
      else if (reply.kind === 'failed') painting.reject(new EngineError(reply.code, reply.message, reply));
    } catch (error) {
      painting.reject(error);
      void this.kill();
    }
  }

  #onDeath(how: string): void {
    if (this.#isDead) return;
    this.#isDead = true;
    const painting = this.#painting;
    const isExpected = painting === undefined || painting.signal.aborted;
    if (!isExpected) this.#options.log.error('inference process ended', { how, stderr: this.#stderr });
    const hint = how === 'SIGKILL' ? ', most likely for want of memory' : '';
    const message = `the inference process ended (${how})${hint}`;
    const error = new EngineError('engine_error', message, { isRetryable: true });
    this.#ready.reject(error);
    painting?.reject(painting.signal.aborted ? painting.signal.reason : error);
  }
}
