import { Worker } from 'node:worker_threads';
import { EngineError } from '../engine-error.ts';
import type { PainterReply, PaintMessage, PaintOrder, PixelBlock } from './thread-messages.ts';

/** Of the heap only: pixels live outside it. A scene of thousands of shapes takes some 20 MB. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 };

interface Painting {
  readonly onStep: (step: number, preview: PixelBlock | undefined) => void;
  readonly resolve: (picture: PixelBlock) => void;
  readonly reject: (reason: unknown) => void;
  readonly signal: AbortSignal;
}

/** A worker thread that paints one picture at a time. It does not keep the process alive while it is idle. */
export class PaintThread {
  readonly #worker: Worker;
  #painting: Painting | undefined;
  #isDead = false;

  constructor(url: URL) {
    this.#worker = new Worker(url, { name: 'sketch', env: {}, execArgv: [], resourceLimits: RESOURCE_LIMITS });
    this.#worker.unref();
    this.#worker.on('message', (reply: PainterReply) => this.#onReply(reply));
    this.#worker.on('error', (error) => this.#onDeath(error));
    this.#worker.on('exit', (code) => this.#onDeath(new Error(`exit code ${code}`)));
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  get isBusy(): boolean {
    return this.#painting !== undefined;
  }

  /** @throws EngineError when the thread dies; the signal's reason once the thread has stopped for it */
  async paint(order: PaintOrder, onStep: Painting['onStep'], signal: AbortSignal): Promise<PixelBlock> {
    if (this.isBusy) throw new Error('the painting thread paints one picture at a time');
    signal.throwIfAborted();
    const stopFlag = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const flag = new Int32Array(stopFlag);
    const stop = (): void => {
      Atomics.store(flag, 0, 1);
      Atomics.notify(flag, 0);
    };
    signal.addEventListener('abort', stop, { once: true });
    this.#worker.ref();
    try {
      return await new Promise<PixelBlock>((resolve, reject) => {
        this.#painting = { onStep, resolve, reject, signal };
        this.#worker.postMessage({ kind: 'paint', order, stopFlag } satisfies PaintMessage, []);
      });
    } finally {
      signal.removeEventListener('abort', stop);
      this.#painting = undefined;
      this.#worker.unref();
    }
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #onReply(reply: PainterReply): void {
    const painting = this.#painting;
    if (painting === undefined) return;
    if (reply.kind === 'step') painting.onStep(reply.step, reply.preview);
    else if (reply.kind === 'done' && !painting.signal.aborted) painting.resolve(reply.picture);
    else painting.reject(painting.signal.reason);
  }

  #onDeath(cause: Error): void {
    this.#isDead = true;
    const painting = this.#painting;
    if (painting === undefined) return;
    painting.reject(
      painting.signal.aborted
        ? painting.signal.reason
        : new EngineError('engine_error', 'the painting thread died', { isRetryable: true, cause }),
    );
  }
}
